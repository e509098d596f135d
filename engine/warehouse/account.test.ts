import { expect, test } from 'vitest';
import { parsePasswd } from './account.ts';

test('reads accounts and passes over what is none', () => {
  const text = 'root:x:0:0:root:/root:/bin/bash\n# a comment\n\npostgres:x:101:104::/var/lib/postgresql:/bin/bash\n';
  expect(parsePasswd(text)).toEqual([
    { name: 'root', uid: 0, gid: 0 },
    { name: 'postgres', uid: 101, gid: 104 },
  ]);
});
