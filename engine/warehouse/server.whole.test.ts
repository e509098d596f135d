import { execFile } from 'node:child_process';
import { chown, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { serverAccount } from './account.ts';
import { sql } from './database.ts';
import { ensureCluster } from './embedded.ts';
import { openPostgres } from './postgres.ts';
import { testFolder } from './test-folder.ts';

const run = promisify(execFile);
const hasOpenssl = await run('openssl', ['version']).then(
  () => true,
  () => false,
);

test.skipIf(!hasOpenssl)('TLS is used and checked as the URL asks', async () => {
  await using folder = await testFolder();
  const [key, certificate] = [join(folder.path, 'key.pem'), join(folder.path, 'certificate.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    key,
    '-out',
    certificate,
    ...subject,
  ]);
  const account = await serverAccount();
  if (account) for (const file of [key, certificate]) await chown(file, account.uid, account.gid);
  const settings = { ssl: 'on', ssl_key_file: key, ssl_cert_file: certificate };
  const cluster = await ensureCluster(folder.path, { settings });
  const url = (host: string, search: string) => {
    const { href } = Object.assign(new URL(cluster.url('postgres')), { search });
    return href.replace('127.0.0.1', host);
  };
  const encrypted = sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;

  for (const [search, ca] of [
    ['', certificate],
    ['sslmode=require', await readFile(certificate, 'utf8')],
    [`sslmode=verify-full&sslrootcert=${certificate}`, undefined],
    ['sslmode=no-verify', undefined],
  ] as const) {
    await using database = await openPostgres(url('localhost', search), ca === undefined ? {} : { ca });
    expect(await database.query(encrypted)).toEqual([{ ssl: true }]);
    expect(await database.run(sql`select from pg_stat_ssl where pid = pg_backend_pid() and ssl`)).toEqual({
      rowCount: 1,
    });
  }
  {
    await using database = await openPostgres(url('127.0.0.1', 'sslmode=verify-ca'), { ca: certificate });
    expect(await database.query(encrypted)).toEqual([{ ssl: true }]);
  }
  {
    await using database = await openPostgres(url('localhost', 'sslmode=disable'));
    expect(await database.query(encrypted)).toEqual([{ ssl: false }]);
  }
  await expect(openPostgres(url('localhost', 'sslmode=verify-full'))).rejects.toMatchObject({
    code: 'unreachable',
    message: /self.signed/,
  });
  await expect(openPostgres(url('127.0.0.1', 'sslmode=verify-full'), { ca: certificate })).rejects.toMatchObject({
    code: 'unreachable',
    message: /altnames/,
  });
});
