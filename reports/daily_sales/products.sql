-- Products in the order of what they added or took away.
select
  k.item_id,
  coalesce(p.item_name, k.item_id) as item_name,
  coalesce(p.brand_name, '(unknown)') as brand_name,
  k.amount,
  k.sum_7d,
  case when k.full_history then k.previous_sum_7d end as previous_sum_7d,
  case when k.full_history then k.sum_7d - k.previous_sum_7d end as change_7d,
  case when k.full_history then k.growth_7d_pct end as growth_7d_pct
from kpi.product_daily k
left join staging.products p on p.item_id = k.item_id
where k.sale_date = {{ period.date }}
order by abs(k.sum_7d - k.previous_sum_7d) desc, k.item_id
