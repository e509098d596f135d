import { expect, test } from 'vitest';
import { outerWords } from './outer-words.ts';
import { unloadStatement } from './unload.ts';

test('what UNLOAD is told', async () => {
  const place = { role: 'arn:aws:iam::123456789012:role/writer', region: 'eu-central-1' };
  const key = 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const say = (query: string, kmsKey?: string) =>
    unloadStatement(query, 's3://lake/outgoing/1/', 'no-value', { ...place, ...(kmsKey && { kmsKey }) });
  const unordered = say("select store, note from kpi.lines where note <> 'it''s' -- all of them");
  const ordered = say('select store, sum(amount) as amount from kpi.lines group by store order by amount desc', key);
  await expect(`${unordered};\n\n${ordered};\n`).toMatchFileSnapshot('unload.golden.sql');
});

test('only the outer words count', () => {
  const text = `with a as (select 1 limit 1) select "limit", 'top' from a /* order */ -- offset\n where 1 in (select 2 order by 1)`;
  expect([...outerWords(text)]).toEqual(['with', 'a', 'as', 'select', 'from', 'where', 'in']);
});
