-- The week of each managed store, against the week before.
select k.store_id, k.quantity, k.amount, k.previous_amount
from kpi.store_weekly k
join (select distinct store_id from seeds.store_managers) m on m.store_id = k.store_id
where k.week_start = {{ period.from }}
order by k.store_id
