-- Every store with a row on the business date. A growth without fourteen days behind it is not known.
select
  k.store_id,
  coalesce(s.store_name, k.store_id) as store_name,
  k.quantity,
  k.amount,
  k.vs_avg_pct,
  cast(y.sum_7d as numeric(18, 4)) / 7 as usual_amount,
  k.sum_7d,
  case when k.full_history then k.previous_sum_7d end as previous_sum_7d,
  case when k.full_history then k.sum_7d - k.previous_sum_7d end as change_7d,
  case when k.full_history then k.growth_7d_pct end as growth_7d_pct
from kpi.store_daily k
left join kpi.store_daily y on y.store_id = k.store_id and y.sale_date = k.sale_date - 1
left join staging.stores s on s.store_id = k.store_id
where k.sale_date = {{ period.date }}
order by k.amount desc, k.sum_7d desc, k.store_id
