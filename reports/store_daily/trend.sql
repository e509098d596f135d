-- Four weeks of each managed store up to the business date, oldest first; a day without trade is empty, not zero.
select m.store_id, c.calendar_date as sale_date, nullif(k.amount, 0) as amount
from (select distinct store_id from seeds.store_managers) m
cross join staging.calendar c
left join kpi.store_daily k on k.store_id = m.store_id and k.sale_date = c.calendar_date
where c.calendar_date > {{ period.date }} - 28 and c.calendar_date <= {{ period.date }}
order by m.store_id, c.calendar_date
