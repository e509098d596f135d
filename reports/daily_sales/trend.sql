-- Four weeks up to the business date, oldest first; a day without trade is empty, not zero.
select sale_date, nullif(sum(amount), 0) as amount
from kpi.store_daily
where sale_date > {{ period.date }} - 28 and sale_date <= {{ period.date }}
group by sale_date
order by sale_date
