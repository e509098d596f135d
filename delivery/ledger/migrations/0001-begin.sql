-- What was asked for, what was frozen for it, and what became of every message.

create table settings (
  name text primary key,
  value text not null
);

create table reports (
  name text primary key,
  first_seen_at timestamptz not null default now()
);

create table slots (
  id bigint generated always as identity primary key,
  report text not null,
  slot text not null,
  -- 0 for the first time, n for the n-th time a person asked to send it again.
  resend int not null,
  -- True where a person asked for it; such slots say nothing about the schedule.
  asked boolean not null,
  -- The business day it is called after, and the days it is about, half-open.
  day date not null,
  from_day date not null,
  until_day date not null,
  tick_at timestamptz not null,
  deadline_at timestamptz,
  useful_until timestamptz,
  state text not null check (state in ('waiting', 'frozen', 'sealed', 'skipped', 'given-up')),
  reason text,
  -- Name in the file store of all that the slot's messages are made of.
  frozen_sha256 text,
  opened_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  unique (report, slot, resend),
  check (state not in ('frozen', 'sealed') or frozen_sha256 is not null)
);

create table editions (
  slot_id bigint not null references slots,
  key text not null,
  -- Of the canonical rows its datasets had: tells later whether its numbers have changed since.
  rows_sha256 text not null,
  primary key (slot_id, key)
);

create table files (
  slot_id bigint not null,
  edition text not null,
  format text not null,
  name text not null,
  media_type text not null,
  sha256 text not null,
  bytes bigint not null,
  made_at timestamptz not null default now(),
  primary key (slot_id, edition, format),
  foreign key (slot_id, edition) references editions
);

create table messages (
  id bigint generated always as identity primary key,
  slot_id bigint not null,
  -- HMAC of what makes it the same message. This one constraint is why nobody is written to twice.
  key text not null unique,
  edition text not null,
  entry text not null,
  recipient text not null,
  recipient_name text,
  -- The frozen ladder and content; purged by retention, while key, recipient and parts stay.
  rungs jsonb not null,
  content jsonb not null,
  -- The rung being tried, from 0.
  rung int not null default 0,
  created_at timestamptz not null default now(),
  foreign key (slot_id, edition) references editions
);

create index on messages (slot_id);

create table parts (
  id bigint generated always as identity primary key,
  message_id bigint not null references messages,
  key text not null unique,
  reference text not null unique,
  rung int not null,
  place int not null,
  lane text not null,
  address text not null,
  state text not null check (
    state in (
      'queued', 'sending', 'sent', 'delivered', 'read', 'unclear', 'held', 'failed', 'expired', 'suppressed', 'cancelled'
    )
  ),
  -- A queued part is not tried before this.
  not_before timestamptz not null default now(),
  -- Attempts made, and those of them that count against it: a lane's own trouble does not.
  attempts int not null default 0,
  spent int not null default 0,
  provider_id text,
  reason text,
  changed_at timestamptz not null default now(),
  unique (message_id, rung, place)
);

create index on parts (lane, not_before, id) where state = 'queued';

create table attempts (
  id bigint generated always as identity primary key,
  part_id bigint not null references parts,
  number int not null,
  owner text not null,
  started_at timestamptz not null default now(),
  lease_until timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('sent', 'queued', 'failed', 'unclear')),
  reason text,
  provider_id text,
  unique (part_id, number),
  check ((ended_at is null) = (outcome is null))
);

-- At most one attempt of a part is open, whatever the program believes.
create unique index on attempts (part_id) where ended_at is null;

create table lanes (
  name text primary key,
  owner text,
  lease_until timestamptz,
  -- After trouble of the lane itself nothing is tried before this.
  resume_at timestamptz,
  trouble text
);

-- Kept beyond retention: it is what keeps us from writing again.
create table suppressions (
  lane text not null,
  address text not null,
  reason text not null,
  at timestamptz not null default now(),
  primary key (lane, address)
);

create table events (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  event text not null,
  report text not null,
  slot text not null,
  edition text,
  recipient text,
  channel text,
  attempt int,
  outcome text,
  detail text
);

-- A message's state follows from the parts of the rung being tried: the one that most needs looking after.
create view message_states as
select distinct on (m.id) m.id, p.state, p.lane
from messages m
join parts p on p.message_id = m.id and p.rung = m.rung
order by
  m.id,
  array_position(
    array[
      'sending', 'queued', 'unclear', 'held', 'failed', 'expired', 'suppressed', 'cancelled', 'sent', 'delivered', 'read'
    ],
    p.state
  )
