-- What was said when it was sent: headline figures as exact text by name, the queries that gave them, and the builds they
-- were read from. Null where it was sent before this was kept.
alter table editions add column headline jsonb;

alter table editions add column queries_sha256 text;

alter table editions add column builds jsonb
