-- Thirteen weeks, oldest first.
select week_start, sum(amount) as amount
from kpi.store_weekly
where week_start >= {{ period.from }} - 84 and week_start <= {{ period.from }}
group by week_start
order by week_start
