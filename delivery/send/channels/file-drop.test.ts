import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Part } from '../channel.ts';
import { fileDrop } from './file-drop.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tiffin-drop-'));
});
afterEach(() => rm(root, { recursive: true }));

const files = { read: async () => new TextEncoder().encode('a report') };
const mine = async () => true;
const attempt = { id: '1', number: 1, startedAt: new Date() };
const part: Part = {
  id: '1',
  key: 'ab'.repeat(32),
  reference: '06NRMA4XE37G',
  report: 'daily_sales',
  slot: '2021-12-21',
  address: 'asha',
  content: {
    subject: 'Daily sales',
    text: 'hello',
    html: '',
    caption: '',
    attachments: [{ format: 'pdf', name: 'Daily/sales.pdf', mediaType: 'application/pdf', sha256: 'x', bytes: 8 }],
  },
};
const links = { unsubscribe: async () => undefined, file: async () => undefined };
const open = () => fileDrop.open('office', { path: 'out' }, { files, links, root, env: {} });
const send = (one: Part, stillMine = mine) => open().send(one, stillMine, AbortSignal.timeout(5_000));

test('a file appears once, whole, readable by its owner alone', async () => {
  const name = 'Daily-sales [06NRMA4XE37G].pdf';
  expect(await send(part)).toEqual({ kind: 'accepted', providerId: name });
  expect(await readdir(join(root, 'out', 'asha'))).toEqual([name]);
  expect(await readFile(join(root, 'out', 'asha', name), 'utf8')).toBe('a report');
  expect((await stat(join(root, 'out', 'asha', name))).mode & 0o777).toBe(0o600);
});

test('a long name keeps its day and whose it is, and whole letters, in a file system’s 255 bytes', async () => {
  const named = (name: string): Part => ({
    ...part,
    content: { ...part.content, attachments: part.content.attachments.map((one) => ({ ...one, name })) },
  });
  const usual = 'क्षेत्रीय बिक्री और लक्ष्य का विवरण, सभी दुकानें 2022-02-28 2401';
  expect(await send(named(`${usual}.pdf`))).toMatchObject({ providerId: `${usual} [06NRMA4XE37G].pdf` });
  const long = `${'क्षेत्रीय बिक्री '.repeat(20)}2022-02-28 2401`;
  const outcome = await send(named(`${long}.pdf`));
  const name = outcome.kind === 'accepted' ? outcome.providerId : '';
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
  expect(name).toMatch(/^(क्षेत्रीय बिक्री )+\S*…/);
  expect(name.endsWith(' बिक्री 2022-02-28 2401 [06NRMA4XE37G].pdf')).toBe(true);
});

test('a second writing of the same part changes nothing', async () => {
  await send(part);
  const path = join(root, 'out', 'asha', 'Daily-sales [06NRMA4XE37G].pdf');
  await writeFile(path, 'read and annotated');
  expect((await send(part)).kind).toBe('accepted');
  expect(await readFile(path, 'utf8')).toBe('read and annotated');
  expect(await readdir(join(root, 'out', 'asha'))).toHaveLength(1);
});

test('what a killed process left half-written is cleared away', async () => {
  await send(part);
  const folder = join(root, 'out', 'asha');
  await writeFile(join(folder, '.06NRMA4XE37G.x.tmp'), 'half');
  await writeFile(join(folder, '.ANOTHER.x.tmp'), 'half');
  await open().find?.(part, attempt, AbortSignal.timeout(1_000));
  expect((await readdir(folder)).sort()).toEqual(['.ANOTHER.x.tmp', 'Daily-sales [06NRMA4XE37G].pdf']);
});

test('whether a part was written can be looked up', async () => {
  expect(await open().find?.(part, attempt, AbortSignal.timeout(1_000))).toEqual({ kind: 'not-sent' });
  await send(part);
  expect((await open().find?.(part, attempt, AbortSignal.timeout(1_000)))?.kind).toBe('sent');
});

test('without its lease it writes nothing, and no recipient leads out of the folder', async () => {
  expect((await send(part, async () => false)).kind).toBe('later');
  expect(await readdir(join(root, 'out', 'asha'))).toEqual([]);
  await send({ ...part, address: '../../etc' });
  expect(await readdir(join(root, 'out'))).toContain('-..-etc');
});

test('a part without a file is its words', async () => {
  await send({ ...part, content: { ...part.content, attachments: [] } });
  expect(await readFile(join(root, 'out', 'asha', 'Daily sales [06NRMA4XE37G].txt'), 'utf8')).toBe('hello');
});
