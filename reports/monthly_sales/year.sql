-- The months of this calendar year up to the one reported.
select month_start, sum(amount) as amount, sum(quantity) as quantity
from kpi.store_monthly
where month_start >= cast(date_trunc('year', {{ period.from }}) as date) and month_start <= {{ period.from }}
group by month_start
order by month_start
