/*---
description: What was ordered of a brand on a day, against the days before. History has the vendor that an item has today.
materialized: incremental
time_column: sale_date
grain: day
start: 2021-09-01
reads_back: { staging.sales_lines: 13d }
batch: 90
unique_key: [sale_date, brand]
columns:
  sale_date: { description: Day of the orders. A row while any of the 14 days up to it has a line, type: date }
  brand: { description: "Vendor name, or (unknown)", type: text }
  brand_name: { description: Brand without doubled spaces, type: text }
  quantity: { description: "Bottles, returns taken off. 0 on a day without lines", type: bigint }
  amount: { description: "Net sales, returns taken off. 0 on a day without lines", type: "numeric(18,2)", unit: currency }
  sum_7d: { description: Net sales of the 7 days up to this one, type: "numeric(18,2)", unit: currency }
  avg_7d: { description: sum_7d / 7, type: "numeric(20,4)", unit: currency }
  previous_sum_7d: { description: Net sales of the 7 days before those, type: "numeric(18,2)", unit: currency }
  growth_7d_pct: { description: "sum_7d against previous_sum_7d, null when that is 0", type: "numeric(26,4)", unit: percent }
  vs_avg_pct: { description: "amount against the mean of the 7 days before this one, null when that is 0", type: "numeric(26,4)", unit: percent }
  full_history: { description: The sources cover all of the 14 days up to this one, type: boolean }
audits:
  - not_null: [brand, quantity, amount, sum_7d, avg_7d, previous_sum_7d, full_history]
  - unique: [sale_date, brand]
  - expression: { sql: "(growth_7d_pct is null) = (previous_sum_7d = 0)" }
redshift: { dist: brand, sort: [sale_date] }
tags: [kpi, daily]
---*/
with daily as (
  select
    l.sale_date,
    coalesce(p.brand, '(unknown)') as brand,
    sum(l.quantity) as quantity,
    sum(l.amount) as amount,
    count(*) as lines
  from staging.sales_lines l
  left join staging.products p on p.item_id = l.item_id
  where l.sale_date >= {{ window.from }} - 13 and l.sale_date < {{ window.until }}
  group by l.sale_date, coalesce(p.brand, '(unknown)')
),
{% render 'rolling_7d', key: 'brand', name: 'brand_name', window: window, coverage: coverage %}
