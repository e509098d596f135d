-- What is asked often stays quick however long the ledger is: a message's state is looked up message by message.
drop view message_states;

create index on parts (lane) where state in ('sending', 'unclear', 'held');

create index on slots (opened_at)
