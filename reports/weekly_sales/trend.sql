-- Thirteen weeks, oldest first. The week reported is there even when it sold nothing: the last bar is always its own.
select week_start, nullif(sum(amount), 0) as amount
from (
  select week_start, amount
  from kpi.store_weekly
  where week_start >= {{ period.from }} - 84 and week_start <= {{ period.from }}
  union all
  select {{ period.from }}, cast(0 as numeric(18, 2))
) sold
group by week_start
order by week_start
