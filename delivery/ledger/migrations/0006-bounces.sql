-- How far each lane's receipts were read where its provider keeps them, such as bounces in a mailbox.
create table cursors (
  lane text primary key,
  cursor text not null,
  at timestamptz not null default now()
);

-- References that parts had before they bounced and were tried again under another: links in the first mail still work.
create table former_references (
  reference text primary key,
  part_id bigint not null references parts
);

-- Of one report ('' = of all): who ends one report still gets the others. Addresses in small letters: people write theirs
-- in several ways.
alter table suppressions rename to old_suppressions;

create table suppressions (
  lane text not null,
  address text not null,
  report text not null default '',
  reason text not null,
  at timestamptz not null default now(),
  primary key (lane, address, report)
);

insert into suppressions (lane, address, reason, at)
select lane, lower(address), max(reason), min(at) from old_suppressions group by lane, lower(address);

drop table old_suppressions
