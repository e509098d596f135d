-- A week a store: what it sold, against the week before, and its share of all.
select
  k.store_id,
  coalesce(s.store_label, k.store_id) as store_name,
  k.quantity,
  k.amount,
  k.previous_amount,
  k.amount - k.previous_amount as change,
  case when sum(k.amount) over () > 0 then round(k.amount * 100 / sum(k.amount) over (), 4) end as share_pct,
  k.growth_pct
from kpi.store_weekly k
left join staging.stores s on s.store_id = k.store_id
where k.week_start = {{ period.from }}
order by k.amount desc, k.store_id
