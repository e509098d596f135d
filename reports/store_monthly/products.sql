-- The products of each managed store, in the order of what they added or took away.
with sold as (
  select
    l.store_id,
    l.item_id,
    sum(case when l.sale_date >= {{ period.from }} then l.quantity else 0 end) as quantity,
    sum(case when l.sale_date >= {{ period.from }} then l.amount else 0 end) as amount,
    sum(case when l.sale_date >= {{ period.from }} then 0 else l.amount end) as previous_amount
  from staging.sales_lines l
  where l.sale_date >= cast(date_trunc('month', cast({{ period.from }} - 1 as timestamp)) as date)
    and l.sale_date < {{ period.until }}
    and l.store_id in (select store_id from seeds.store_managers)
  group by l.store_id, l.item_id
)
select
  s.store_id,
  s.item_id,
  coalesce(p.item_name, s.item_id) as item_name,
  s.quantity,
  s.amount,
  s.previous_amount,
  s.amount - s.previous_amount as change,
  case when s.previous_amount <> 0
    then round((s.amount - s.previous_amount) * 100 / s.previous_amount, 4) end as growth_pct
from sold s
left join staging.products p on p.item_id = s.item_id
order by s.store_id, abs(s.amount - s.previous_amount) desc, s.item_id
