-- A week a category: what it sold, against the week before, and its share of all.
select
  k.category,
  coalesce(k.category_name, k.category) as category_name,
  k.quantity,
  k.amount,
  k.previous_amount,
  k.amount - k.previous_amount as change,
  case when sum(k.amount) over () > 0 then round(k.amount * 100 / sum(k.amount) over (), 4) end as share_pct,
  k.growth_pct
from kpi.category_weekly k
where k.week_start = {{ period.from }}
order by k.amount desc, k.category
