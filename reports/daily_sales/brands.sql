select
  k.brand,
  coalesce(n.brand_name, k.brand) as brand_name,
  k.quantity,
  k.amount,
  case when k.quantity <> 0 or k.amount <> 0 then k.vs_avg_pct end as vs_avg_pct,
  round(cast(y.sum_7d as numeric(18, 4)) / 7, 4) as usual_amount,
  k.sum_7d,
  case when k.full_history then k.previous_sum_7d end as previous_sum_7d,
  case when k.full_history then k.growth_7d_pct end as growth_7d_pct
from kpi.brand_daily k
left join kpi.brand_daily y on y.brand = k.brand and y.sale_date = k.sale_date - 1
left join (
  select brand, min(brand_name) as brand_name from staging.products group by brand
) n on n.brand = k.brand
where k.sale_date = {{ period.date }}
order by k.sum_7d desc, k.brand
