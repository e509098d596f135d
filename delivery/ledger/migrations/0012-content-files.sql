-- Names in the file store of what a slot's content consists of, each entered before the file is written: what a crash left
-- behind is found by retention, even when the slot itself was withdrawn.
create table content_files (
  slot_id bigint not null,
  sha256 text not null,
  noted_at timestamptz not null default now(),
  primary key (slot_id, sha256)
)
