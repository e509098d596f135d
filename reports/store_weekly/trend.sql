-- Thirteen weeks of each managed store, oldest first; one without trade is empty, not zero.
select m.store_id, c.week_start, nullif(k.amount, 0) as amount
from (select distinct store_id from seeds.store_managers) m
cross join (
  select distinct week_start
  from staging.calendar
  where week_start >= {{ period.from }} - 84 and week_start <= {{ period.from }}
) c
left join kpi.store_weekly k on k.store_id = m.store_id and k.week_start = c.week_start
order by m.store_id, c.week_start
