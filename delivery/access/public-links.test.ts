import { expect, test } from 'vitest';
import { readLink } from '../files/signed-link.ts';
import { ownersReport } from '../ledger/troubles.ts';
import { publicLinks } from './public-links.ts';

const secret = async () => 'secret';
const file = { format: 'pdf', name: 'a.pdf', mediaType: 'application/pdf', sha256: 'ab'.repeat(32), bytes: 1 } as const;
const part = { reference: '06NRMA4XE37G', report: 'daily' };

test('links lead to the public URL and say what they are for; owners cannot unsubscribe from trouble', async () => {
  const links = publicLinks('https://reports.example.com/', secret);
  const [, token = ''] = (await links.unsubscribe(part))?.split('https://reports.example.com/u/') ?? [];
  expect(readLink('secret', token, new Date())).toEqual({ kind: 'unsubscribe', reference: part.reference });
  const [, other = ''] = (await links.file(file))?.split('https://reports.example.com/f/') ?? [];
  expect(readLink('secret', other, new Date())).toMatchObject({ kind: 'file', name: 'a.pdf' });
  expect(await links.unsubscribe({ ...part, report: ownersReport })).toBeUndefined();
});

test('a project without a public URL has no links, and its secret is not read', async () => {
  const links = publicLinks(undefined, () => Promise.reject(new Error('read')));
  expect([await links.unsubscribe(part), await links.file(file)]).toEqual([undefined, undefined]);
});
