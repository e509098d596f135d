-- A file that is too large for a channel is there whole (0) and in pieces, numbered from 1.
alter table files add column piece int not null default 0;

alter table files drop constraint files_pkey;

alter table files add primary key (slot_id, edition, locale, format, piece)
