-- One copy for each store that has a manager and figures of this period.
select m.store_id, min(s.store_label) as store, min(m.locale) as locale
from seeds.store_managers m
join staging.stores s on s.store_id = m.store_id
join kpi.store_weekly k on k.store_id = m.store_id and k.week_start = {{ period.from }}
group by m.store_id
order by m.store_id
