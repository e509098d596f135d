import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseContract } from './contract/database-contract.ts';
import { ensureCluster } from './embedded.ts';
import { openPostgres } from './postgres.ts';
import { type TestDatabase, testDatabase } from './test-database.ts';
import { type TestFolder, testFolder } from './test-folder.ts';
import { systemPostgres } from './test-system-postgres.ts';

describe('the embedded PostgreSQL', () => {
  let own: TestDatabase;
  beforeAll(async () => {
    own = await testDatabase();
  });
  afterAll(() => own[Symbol.asyncDispose]());

  databaseContract(() => own.database);

  test('localhost is found, though the server listens on IPv4 alone', async () => {
    await using database = await openPostgres(own.url.replace('127.0.0.1', 'localhost'));
    expect(database).toBeDefined();
  });

  test.each([
    ['a wrong password', (url: URL) => Object.assign(url, { password: 'guess' }), { code: 'invalid' }],
    ['no such database', (url: URL) => Object.assign(url, { pathname: '/nowhere' }), { code: 'invalid' }],
    ['nobody there', (url: URL) => Object.assign(url, { port: '1' }), { code: 'unreachable' }],
    [
      'TLS that the server has not',
      (url: URL) => Object.assign(url, { search: 'sslmode=require' }),
      { code: 'unreachable' },
    ],
  ])('%s is told without the password', async (_, change, fault) => {
    const error = await openPostgres(change(new URL(own.url)).href).catch((caught) => caught);
    expect(error).toMatchObject(fault);
    expect(String(error)).not.toContain(new URL(own.url).password);
  });
});

const binaries = await systemPostgres();

describe.skipIf(!binaries)('another PostgreSQL, with other ways', () => {
  let folder: TestFolder;
  let own: TestDatabase;
  beforeAll(async () => {
    folder = await testFolder();
    const settings = { fsync: 'off', timezone: 'Asia/Kolkata', datestyle: 'German' };
    const cluster = await ensureCluster(folder.path, { settings, ...(binaries && { binaries }) });
    own = await testDatabase(cluster.url('postgres'));
  });
  afterAll(async () => {
    await own[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  databaseContract(() => own.database);
});
