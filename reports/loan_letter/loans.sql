-- One letter for each loan sanctioned on the business date.
select
  loan_id,
  locale,
  borrower,
  borrower_latin,
  street,
  town,
  pincode,
  purpose,
  amount,
  annual_rate,
  months,
  sanctioned_on,
  first_due
from lending.loans
where sanctioned_on = {{ period.date }}
order by loan_id
