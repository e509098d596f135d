-- `delivery log --recipient` finds somebody's few lines however long the trail is.
create index on events (recipient, id) where recipient is not null
