/*---
description: One row a store, with a name fit to be read.
materialized: view
columns:
  store_id: { description: Key of the store as the source spells it, type: text }
  store_name: { description: "Name without doubled spaces, or a comma at its end. Not unique", type: text }
  is_active: { description: Whether the store may order today, type: boolean }
  address: { description: Street, type: text }
  city: { description: City, type: text }
  state: { description: Two letters, type: text }
  zip_code: { description: Postal code, type: text }
  latitude: { description: "Degrees north, null when unknown", type: "numeric(9,6)" }
  longitude: { description: "Degrees east, null when unknown", type: "numeric(9,6)" }
  store_label: { description: "Name for people to read: with the city, or the key, where another store has it too", type: text }
audits:
  - not_null: [store_id, store_name]
  - unique: [store_id]
  - unique: [store_label]
tags: [staging]
---*/
with named as (
  select
    *,
    -- A comma at the end of a name is a slip of whoever typed it.
    rtrim({% render 'single_spaced', text: 'name' %}, ', ') as store_name
  -- Quoted, because RAW is a reserved word of Redshift.
  from "raw".stores
)
select
  store_id,
  store_name,
  status = 'A' as is_active,
  address,
  city,
  state,
  zip_code,
  latitude,
  longitude,
  case
    when count(*) over (partition by store_name) = 1 then store_name
    when city is not null and count(*) over (partition by store_name, city) = 1 then store_name || ', ' || city
    else store_name || ' (' || store_id || ')'
  end as store_label
from named
