-- Thirteen months of each managed store, oldest first; one without trade is empty, not zero.
select m.store_id, c.month_start, nullif(k.amount, 0) as amount
from (select distinct store_id from seeds.store_managers) m
cross join (
  select distinct month_start
  from staging.calendar
  where month_start >= cast({{ period.from }} - interval '12 months' as date) and month_start <= {{ period.from }}
) c
left join kpi.store_monthly k on k.store_id = m.store_id and k.month_start = c.month_start
order by m.store_id, c.month_start
