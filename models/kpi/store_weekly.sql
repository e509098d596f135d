/*---
description: What a store ordered in a week, against the week before.
materialized: incremental
time_column: week_start
grain: week
start: 2021-09-01
reads_back: { staging.sales_lines: 7d }
batch: 26
unique_key: [week_start, store_id]
columns:
  week_start: { description: Monday of the week. A row where this week or the one before has a line, type: date }
  store_id: { description: Key of the store, type: text }
  quantity: { description: "Bottles, returns taken off", type: bigint }
  amount: { description: "Net sales, returns taken off", type: "numeric(18,2)", unit: currency }
  previous_amount: { description: Net sales of the week before, type: "numeric(18,2)", unit: currency }
  growth_pct: { description: "amount against previous_amount, null when that is 0", type: "numeric(26,4)", unit: percent }
audits:
  - not_null: [store_id, quantity, amount, previous_amount]
  - expression: { sql: "(growth_pct is null) = (previous_amount = 0)" }
redshift: { dist: store_id, sort: [week_start] }
tags: [kpi, weekly]
---*/
with sums as (
  select
    {% render 'start_of', period: 'week', day: 'sale_date' %} as week_start,
    store_id,
    sum(quantity) as quantity,
    sum(amount) as amount
  from staging.sales_lines
  where sale_date >= {{ window.from }} - 7 and sale_date < {{ window.until }}
  group by 1, 2
),
{% render 'against_previous', period: 'week', key: 'store_id', window: window %}
