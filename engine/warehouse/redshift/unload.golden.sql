unload ('select store, note from kpi.lines where note <> ''it''''s'' -- all of them
')
to 's3://lake/outgoing/1/' iam_role 'arn:aws:iam::123456789012:role/writer' region 'eu-central-1'
format csv gzip manifest null as 'no-value' maxfilesize 64 mb
parallel on;

unload ('select store, sum(amount) as amount from kpi.lines group by store order by amount desc
')
to 's3://lake/outgoing/1/' iam_role 'arn:aws:iam::123456789012:role/writer' region 'eu-central-1'
format csv gzip manifest null as 'no-value' maxfilesize 64 mb
parallel off
kms_key_id 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab' encrypted;
