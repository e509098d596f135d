-- What owners are told about: how slots ended, how often one failed, since when a lane cannot send.
alter table slots add column tell boolean not null default false;

alter table slots add column failures int not null default 0;

alter table lanes add column troubled_at timestamptz;

create index on parts (changed_at) where state in ('expired', 'failed', 'held')
