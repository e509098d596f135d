/*---
description: Every day of a century, so that a day without sales is a row and not a hole. Made of digits, because generate_series cannot be joined to tables everywhere.
materialized: table
columns:
  calendar_date: { description: The day, type: date }
  week_start: { description: Monday of its week, type: date }
  month_start: { description: First of its month, type: date }
  day_of_week: { description: "1 Monday to 7 Sunday", type: integer }
audits:
  - not_null: [calendar_date, week_start, month_start]
  - unique: [calendar_date]
  - row_count: { min: 36525 }
redshift: { dist: all, sort: [calendar_date] }
tags: [staging]
---*/
with digits as (
  {%- for digit in (0..9) %}
  select {{ digit }} as digit{% unless forloop.last %} union all{% endunless %}
  {%- endfor %}
),
days as (
  select date '2000-01-01' + (a.digit + 10 * b.digit + 100 * c.digit + 1000 * d.digit + 10000 * e.digit) as calendar_date
  from digits a
  cross join digits b
  cross join digits c
  cross join digits d
  cross join digits e
  where e.digit <= 3
)
select
  calendar_date,
  -- Truncated as a timestamp: of a bare date PostgreSQL would make an instant in the session's time zone.
  cast(date_trunc('week', cast(calendar_date as timestamp)) as date) as week_start,
  cast(date_trunc('month', cast(calendar_date as timestamp)) as date) as month_start,
  cast(calendar_date - cast(date_trunc('week', cast(calendar_date as timestamp)) as date) + 1 as integer) as day_of_week
from days
where calendar_date < date '2100-01-01'
