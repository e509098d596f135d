-- A part knows its slot: what is sent of one slot is found however many parts of others wait before it, and what may be sent
-- now is asked part by part in the queue's order.
alter table parts add column slot_id bigint;

update parts set slot_id = m.slot_id from messages m where m.id = parts.message_id;

alter table parts alter column slot_id set not null;

create index on parts (slot_id, lane, not_before, id) where state = 'queued'
