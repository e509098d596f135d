-- Thirteen months, oldest first.
select month_start, sum(amount) as amount
from kpi.store_monthly
where month_start >= {{ period.from }} - 366 and month_start <= {{ period.from }}
group by month_start
order by month_start
