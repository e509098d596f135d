-- What a person limited an asked slot to ({} = nothing), so that whoever goes on with it keeps to it:
-- edition, recipient; testTo: the one address everything goes to; of: the period's slot that it is a part or a test of.
alter table slots add column limits jsonb not null default '{}'
;

create index on slots (report, (case when limits ? 'testTo' then slot else coalesce(limits ->> 'of', slot) end))
;

-- What a person is shown first, however long the ledger is.
create index on parts (message_id) where state in ('unclear', 'held', 'failed')
