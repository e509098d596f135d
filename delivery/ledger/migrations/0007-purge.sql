-- When retention took away what the slot was made of. Its keys, states and times stay, so that nothing is sent again.
alter table slots add column purged_at timestamptz;

create index on slots (opened_at) where purged_at is null
