/*---
description: One row a loan, for letters.
materialized: view
columns:
  loan_id: { description: Key of the loan, type: text }
  locale: { description: Language of its letters, type: text }
audits:
  - not_null: [loan_id, locale, amount, annual_rate, months, sanctioned_on, first_due]
  - unique: [loan_id]
tags: [lending, daily]
---*/
select
  loan_id,
  locale,
  borrower,
  borrower_latin,
  email,
  street,
  town,
  pincode,
  purpose,
  amount,
  annual_rate,
  months,
  sanctioned_on,
  first_due
from "raw".loans
