import { expect, test } from 'vitest';
import { madeUpDocument } from '../compose/made-up.ts';
import { openRenderers } from './renderers.ts';

const signal = new AbortController().signal;

test('without a browser the outcome says so, and the other formats do not mind', async () => {
  await using room = openRenderers({ executablePath: '/nowhere/chromium' });
  const document = await madeUpDocument({ stores: 2 });
  expect(await room.make('png', document, signal)).toEqual({
    kind: 'unavailable',
    reason: 'there is no Chromium on this machine',
    hint: 'Install Chromium, or set CHROMIUM_PATH to one.',
  });
  expect((await room.make('html', document, signal)).kind).toBe('made');
});

test('a sign that no font has stops the picture before a browser is opened', async () => {
  await using room = openRenderers({ executablePath: '/nowhere/chromium' });
  const document = await madeUpDocument({ stores: 1, names: ['漢'] });
  await expect(room.make('png', document, signal)).rejects.toMatchObject({ code: 'failed' });
});
