-- An edition's file is made once in each locale that its recipients read; empty is the edition's own.
alter table files add column locale text not null default '';

alter table files drop constraint files_pkey;

alter table files add primary key (slot_id, edition, locale, format)
