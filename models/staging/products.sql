/*---
description: One row a listed item, with its category and brand. Both keep the source's spelling as keys and are (unknown) where it names none.
materialized: view
columns:
  item_id: { description: Key of the item as the source spells it, type: text }
  item_name: { description: Description without doubled spaces. Not unique, type: text }
  category: { description: "Category name, or (unknown)", type: text }
  category_name: { description: Category without doubled spaces, type: text }
  brand: { description: "Vendor name, or (unknown)", type: text }
  brand_name: { description: Brand without doubled spaces, type: text }
  vendor_id: { description: The source's number of the vendor, type: text }
  bottle_volume_ml: { description: Content of a bottle in millilitres, type: integer }
  pack: { description: Bottles in a case, type: integer }
  list_date: { description: Day on which the item was listed, type: date }
  upc: { description: "Bar code, null when unknown", type: text }
  bottle_price: { description: Price of a bottle to a store today, type: "numeric(18,2)", unit: currency }
audits:
  - not_null: [item_id, category, brand]
  - unique: [item_id]
tags: [staging]
---*/
with named as (
  select
    item_id,
    description,
    case when trim(category_name) <> '' then category_name else '(unknown)' end as category,
    case when trim(vendor_name) <> '' then vendor_name else '(unknown)' end as brand,
    vendor_id,
    bottle_volume_ml,
    pack,
    list_date,
    upc,
    bottle_price
  -- Quoted, because RAW is a reserved word of Redshift.
  from "raw".products
)
select
  item_id,
  {% render 'single_spaced', text: 'description' %} as item_name,
  category,
  {% render 'single_spaced', text: 'category' %} as category_name,
  brand,
  {% render 'single_spaced', text: 'brand' %} as brand_name,
  vendor_id,
  bottle_volume_ml,
  pack,
  list_date,
  upc,
  bottle_price
from named
