/*---
description: What a store ordered in a month, against the month before.
materialized: incremental
time_column: month_start
grain: month
start: 2021-09-01
reads_back: { staging.sales_lines: 1mo }
batch: 12
unique_key: [month_start, store_id]
columns:
  month_start: { description: First of the month. A row where this month or the one before has a line, type: date }
  store_id: { description: Key of the store, type: text }
  quantity: { description: "Bottles, returns taken off", type: bigint }
  amount: { description: "Net sales, returns taken off", type: "numeric(18,2)", unit: currency }
  previous_amount: { description: Net sales of the month before, type: "numeric(18,2)", unit: currency }
  growth_pct: { description: "amount against previous_amount, null when that is 0", type: "numeric(26,4)", unit: percent }
audits:
  - not_null: [store_id, quantity, amount, previous_amount]
  - expression: { sql: "(growth_pct is null) = (previous_amount = 0)" }
redshift: { dist: store_id, sort: [month_start] }
tags: [kpi, monthly]
---*/
with sums as (
  select
    {% render 'start_of', period: 'month', day: 'sale_date' %} as month_start,
    store_id,
    sum(quantity) as quantity,
    sum(amount) as amount
  from staging.sales_lines
  -- 31 days reach back to the first of the month before, however long it is; what lies before that is left out below.
  where sale_date >= {{ window.from }} - 31 and sale_date < {{ window.until }}
  group by 1, 2
),
{% render 'against_previous', period: 'month', key: 'store_id', window: window %}
