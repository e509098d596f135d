/*---
description: Invoice lines as they came, with returns marked. A view, because it changes nothing that would have to be stored twice.
materialized: view
time_column: sale_date
columns:
  sale_date: { description: Day of the order, type: date }
  line_id: { description: Number of the invoice and its line, type: text }
  store_id: { description: Store that ordered, type: text }
  item_id: { description: Item ordered, type: text }
  quantity: { description: "Bottles, negative on a return", type: integer }
  amount: { description: "Line total, negative on a return", type: "numeric(18,2)", unit: currency }
  is_return: { description: The line takes back what an earlier one sold, type: boolean }
audits:
  - not_null: [sale_date, line_id, store_id, item_id, quantity, amount]
  - expression: { sql: "is_return or (quantity >= 0 and amount >= 0)", severity: warn }
tags: [staging]
---*/
select
  sale_date,
  line_id,
  store_id,
  item_id,
  quantity,
  amount,
  line_id like 'RINV-%' as is_return
-- Quoted, because RAW is a reserved word of Redshift.
from "raw".sales_lines
