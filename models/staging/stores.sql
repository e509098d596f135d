/*---
description: One row a store, with a name fit to be read.
materialized: view
columns:
  store_id: { description: Key of the store as the source spells it, type: text }
  store_name: { description: Name without doubled spaces. Not unique, type: text }
  is_active: { description: Whether the store may order today, type: boolean }
  address: { description: Street, type: text }
  city: { description: City, type: text }
  state: { description: Two letters, type: text }
  zip_code: { description: Postal code, type: text }
  latitude: { description: "Degrees north, null when unknown", type: "numeric(9,6)" }
  longitude: { description: "Degrees east, null when unknown", type: "numeric(9,6)" }
audits:
  - not_null: [store_id, store_name]
  - unique: [store_id]
tags: [staging]
---*/
select
  store_id,
  {% render 'single_spaced', text: 'name' %} as store_name,
  status = 'A' as is_active,
  address,
  city,
  state,
  zip_code,
  latitude,
  longitude
-- Quoted, because RAW is a reserved word of Redshift.
from "raw".stores
