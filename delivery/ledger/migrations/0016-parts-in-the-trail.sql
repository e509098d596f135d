-- Which part of a message a line of the trail is about, by its reference: mail logs and captions have it too.
alter table events add column part text
