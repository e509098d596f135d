-- Thirteen months, oldest first. The month reported is there even when it sold nothing: the last bar is always its own.
select month_start, nullif(sum(amount), 0) as amount
from (
  select month_start, amount
  from kpi.store_monthly
  where month_start >= {{ period.from }} - 366 and month_start <= {{ period.from }}
  union all
  select {{ period.from }}, cast(0 as numeric(18, 2))
) sold
group by month_start
order by month_start
