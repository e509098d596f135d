-- The products of each managed store, in the order of what they added or took away.
with sold as (
  select
    l.store_id,
    l.item_id,
    sum(case when l.sale_date > {{ period.date }} - 7 then l.quantity else 0 end) as quantity,
    sum(case when l.sale_date > {{ period.date }} - 7 then l.amount else 0 end) as sum_7d,
    sum(case when l.sale_date > {{ period.date }} - 7 then 0 else l.amount end) as previous
  from staging.sales_lines l
  where l.sale_date > {{ period.date }} - 14 and l.sale_date <= {{ period.date }}
    and l.store_id in (select store_id from seeds.store_managers)
  group by l.store_id, l.item_id
)
select
  s.store_id,
  s.item_id,
  coalesce(p.item_name, s.item_id) as item_name,
  s.quantity,
  s.sum_7d,
  case when k.full_history then s.previous end as previous_sum_7d,
  case when k.full_history then s.sum_7d - s.previous end as change_7d,
  case when k.full_history and s.previous <> 0
    then round((s.sum_7d - s.previous) * 100 / s.previous, 4) end as growth_7d_pct
from sold s
join kpi.store_daily k on k.store_id = s.store_id and k.sale_date = {{ period.date }}
left join staging.products p on p.item_id = s.item_id
order by s.store_id, abs(s.sum_7d - s.previous) desc, s.item_id
