-- Linked devices: who owns a lane's session, what the device keeps, and what it heard and nobody has read yet.
create table sessions (
  lane text primary key,
  owner text,
  lease_until timestamptz,
  wanted_at timestamptz
);

create table session_values (
  lane text not null,
  kind text not null,
  id text not null,
  value text not null,
  changed_at timestamptz not null default now(),
  primary key (lane, kind, id)
);

create table session_news (
  id bigint generated always as identity primary key,
  lane text not null,
  body text not null
);

create index session_news_of_lane on session_news (lane, id);
