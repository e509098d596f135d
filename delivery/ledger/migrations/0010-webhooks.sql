-- Webhooks tell that a provider has a message, and name it twice: by the provider's id and by our reference.
alter table receipts drop constraint receipts_check;

alter table receipts add constraint receipts_check check (provider_id is not null or reference is not null);

alter table receipts drop constraint receipts_kind_check;

alter table receipts add constraint receipts_kind_check check (kind in ('sent', 'delivered', 'read', 'undelivered'));

-- What may have gone and is sent again under the same name has not surely failed when the provider then refuses it.
alter table parts add column may_have_gone boolean not null default false
