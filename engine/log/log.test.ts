import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLog } from './log.ts';

test('a line is JSON, private to the user, without secrets or people', () => {
  const root = mkdtempSync(join(tmpdir(), 'tiffin-log-'));
  const log = openLog(root, 'engine', 'silent').child({ run: 'r1' });
  log.info({ model: 'kpi.store_daily', target: { url: 'postgres://u:p@h/d' }, email: 'a@example.com' }, 'built');
  const file = join(root, 'var', 'log', 'engine.jsonl');
  const text = readFileSync(file, 'utf8');
  expect(JSON.parse(text)).toMatchObject({ level: 'info', run: 'r1', model: 'kpi.store_daily', msg: 'built' });
  expect(text).not.toMatch(/postgres:|example\.com/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
