-- `delivery log --recipient` finds somebody's few lines however long the trail is, and the message of each in its slot.
create index on events (recipient, id) where recipient is not null;

create index on messages (slot_id, recipient);

drop index messages_slot_id_idx
