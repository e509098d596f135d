/*---
description: What was ordered of a category in a week, against the week before. History has the category that an item has today.
materialized: incremental
time_column: week_start
grain: week
start: 2021-09-01
reads_back: { staging.sales_lines: 7d }
batch: 26
unique_key: [week_start, category]
columns:
  week_start: { description: Monday of the week. A row where this week or the one before has a line, type: date }
  category: { description: "Category name, or (unknown)", type: text }
  category_name: { description: Category without doubled spaces, type: text }
  quantity: { description: "Bottles, returns taken off", type: bigint }
  amount: { description: "Net sales, returns taken off", type: "numeric(18,2)", unit: currency }
  previous_amount: { description: Net sales of the week before, type: "numeric(18,2)", unit: currency }
  growth_pct: { description: "amount against previous_amount, null when that is 0", type: "numeric(26,4)", unit: percent }
audits:
  - not_null: [category, quantity, amount, previous_amount]
  - expression: { sql: "(growth_pct is null) = (previous_amount = 0)" }
redshift: { dist: category, sort: [week_start] }
tags: [kpi, weekly]
---*/
with sums as (
  select
    {% render 'start_of', period: 'week', day: 'l.sale_date' %} as week_start,
    coalesce(p.category, '(unknown)') as category,
    sum(l.quantity) as quantity,
    sum(l.amount) as amount
  from staging.sales_lines l
  left join staging.products p on p.item_id = l.item_id
  where l.sale_date >= {{ window.from }} - 7 and l.sale_date < {{ window.until }}
  group by 1, 2
),
{% render 'against_previous', period: 'week', key: 'category', name: 'category_name', window: window %}
