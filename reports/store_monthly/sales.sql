-- The month of each managed store, against the month before.
select k.store_id, k.quantity, k.amount, k.previous_amount
from kpi.store_monthly k
join (select distinct store_id from seeds.store_managers) m on m.store_id = k.store_id
where k.month_start = {{ period.from }}
order by k.store_id
