-- The day of each managed store. A growth without fourteen days behind it is not known.
select
  k.store_id,
  k.quantity,
  k.amount,
  w.amount as day_before_amount,
  k.sum_7d,
  case when k.full_history then k.previous_sum_7d end as previous_sum_7d
from kpi.store_daily k
join (select distinct store_id from seeds.store_managers) m on m.store_id = k.store_id
left join kpi.store_daily w on w.store_id = k.store_id and w.sale_date = k.sale_date - 7
where k.sale_date = {{ period.date }}
order by k.store_id
