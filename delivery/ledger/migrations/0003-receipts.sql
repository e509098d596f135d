-- What providers told us after they accepted something: late, out of order, twice, or before we had settled.
create table receipts (
  id bigint generated always as identity primary key,
  lane text not null,
  -- The provider's name for the part, or ours.
  provider_id text,
  reference text,
  kind text not null check (kind in ('delivered', 'read', 'undelivered')),
  at timestamptz not null,
  reason text,
  -- True where nothing will ever arrive at this address.
  suppress boolean not null default false,
  received_at timestamptz not null default now(),
  -- The part it was found to be about; null while none is known.
  part_id bigint references parts,
  check ((provider_id is null) <> (reference is null)),
  unique nulls not distinct (lane, provider_id, reference, kind, at)
);

create index on receipts (lane, provider_id) where part_id is null;

create index on receipts (reference) where part_id is null;

create index on parts (lane, provider_id) where provider_id is not null
