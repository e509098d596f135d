select
  k.brand,
  coalesce(n.brand_name, k.brand) as brand_name,
  k.quantity,
  k.amount,
  k.vs_avg_pct,
  cast(y.sum_7d as numeric(18, 4)) / 7 as usual_amount,
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
