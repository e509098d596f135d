import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { showFault } from '../fault.ts';
import { findRoot, loadConfig } from './config.ts';

const good = `name: retail
timezone: Asia/Kolkata
target: local
targets:
  local: { type: embedded }
  dev: { type: postgres, url: env:WAREHOUSE_URL }
state: env:STATE_URL
vars: { currency: INR, sales_data: { env: SALES_DATA, default: var/demo } }
`;

function project(text: string): string {
  const root = mkdtempSync(join(tmpdir(), 'tiffin-config-'));
  writeFileSync(join(root, 'project.yml'), text);
  return root;
}

const faultOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return showFault(error);
  }
  return 'no fault';
};

test('the chosen target is the flag, else the environment, else the file', () => {
  const root = project(good);
  expect(loadConfig(root, {})).toMatchObject({
    targetName: 'local',
    target: { type: 'embedded', database: 'warehouse' },
    calendar: { timezone: 'Asia/Kolkata', weekStarts: 0 },
    stateUrl: undefined,
    holidays: undefined,
  });
  const named = project(`${good}calendar: days/off.yml\n`);
  expect(loadConfig(named, {}).holidays).toBe('days/off.yml');
  const environment = {
    WAREHOUSE_URL: 'postgres://db/x',
    TIFFIN_TARGET: 'dev',
    STATE_URL: 'postgres://db/s',
    SALES_DATA: '/data',
  };
  expect(loadConfig(root, environment)).toMatchObject({
    targetName: 'dev',
    stateUrl: 'postgres://db/s',
    vars: { currency: 'INR', sales_data: '/data' },
  });
  expect(loadConfig(root, environment, 'local').targetName).toBe('local');
});

test('a missing secret, a literal secret and an unknown target are named with file and line', () => {
  const root = project(good);
  expect(faultOf(() => loadConfig(root, {}, 'dev'))).toMatch(/project.yml:6:\d+ .*WAREHOUSE_URL, which is not set/);
  expect(faultOf(() => loadConfig(root, { TIFFIN_TARGET: 'locla' }))).toMatch(/TIFFIN_TARGET: no target "locla"/);
  expect(faultOf(() => loadConfig(root, {}, 'locla'))).toMatch(/no target "locla"\n {2}Did you mean "local"/);
  const literal = project(good.replace('env:WAREHOUSE_URL', 'postgres://u:p@h/d'));
  expect(faultOf(() => loadConfig(literal, {}))).toMatch(/project.yml:6:.*secrets come from the environment/);
});

test('the root is found from a folder below it', () => {
  const root = project(good);
  expect(findRoot(root)).toBe(root);
  expect(faultOf(() => findRoot('/'))).toMatch(/no project.yml/);
});
