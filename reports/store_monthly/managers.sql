-- Who gets which copy: store_id, the key of for_each, ties a manager to one store.
select store_id, manager_id as id, name, email, phone, locale
from seeds.store_managers
order by store_id, manager_id
