-- Every store with a row on the business date, those that traded first. A growth without fourteen days behind it is not known.
select
  k.store_id,
  coalesce(s.store_label, k.store_id) as store_name,
  k.quantity,
  k.amount,
  case when k.quantity <> 0 or k.amount <> 0 then k.vs_avg_pct end as vs_avg_pct,
  round(cast(y.sum_7d as numeric(18, 4)) / 7, 4) as usual_amount,
  w.amount as week_before_amount,
  k.sum_7d,
  case when k.full_history then k.previous_sum_7d end as previous_sum_7d,
  case when k.full_history then k.sum_7d - k.previous_sum_7d end as change_7d,
  case when k.full_history then k.growth_7d_pct end as growth_7d_pct
from kpi.store_daily k
left join kpi.store_daily y on y.store_id = k.store_id and y.sale_date = k.sale_date - 1
left join kpi.store_daily w on w.store_id = k.store_id and w.sale_date = k.sale_date - 7
left join staging.stores s on s.store_id = k.store_id
where k.sale_date = {{ period.date }}
order by k.amount desc, k.sum_7d desc, k.store_id
