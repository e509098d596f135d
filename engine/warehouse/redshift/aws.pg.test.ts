import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { sql } from '../database.ts';
import { openAwsStandIn } from '../redshift-stand-in/aws.ts';
import { openStandIn } from '../redshift-stand-in/stand-in.ts';
import { testDatabase } from '../test-database.ts';
import { testFolder } from '../test-folder.ts';
import { openRedshift } from './redshift.ts';

const region = 'eu-central-1';
const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
const run = promisify(execFile);
const hasOpenssl = await run('openssl', ['version']).then(
  () => true,
  () => false,
);

test('rows come in by COPY of a manifest; what lay in S3 for it is taken away', async () => {
  await using own = await testDatabase();
  await using aws = await openAwsStandIn({ accessKeyId: 'AKIDEXAMPLE' });
  await using standIn = await openStandIn({ postgres: own.url, bucket: aws.bucket });
  const url = Object.assign(new URL(own.url), { port: String(standIn.port), search: 'sslmode=disable' });
  const load = { at: 's3://lake/incoming', role: 'arn:aws:iam::123456789012:role/reader', region };
  const environment = { ...keys, AWS_ENDPOINT_URL_S3: aws.url };
  await using database = await openRedshift(url.href, { load, environment });
  await database.query(sql`create table public.loaded (id int, note varchar(40))`);
  const table = { schema: 'public', name: 'loaded' };
  const csv = (text: string) => Readable.from([text]);
  expect(await database.copyIn(table, ['id', 'note'], csv('1,plain\n2,"a ""quoted""\nline"\n3,\n'))).toEqual({
    rowCount: 3,
  });
  expect(await database.query(sql`select id, note from public.loaded order by id`)).toEqual([
    { id: 1, note: 'plain' },
    { id: 2, note: 'a "quoted"\nline' },
    { id: 3, note: null },
  ]);
  expect(aws.asked).toEqual([
    expect.stringMatching(/^PUT \/lake\/incoming\/[\w-]+\/0\.csv\.gz$/),
    expect.stringMatching(/^PUT .*\/manifest$/),
    expect.stringMatching(/^DELETE .*\/0\.csv\.gz$/),
    expect.stringMatching(/^DELETE .*\/manifest$/),
  ]);
  await expect(database.copyIn(table, ['id', 'note'], csv('four,x\n'))).rejects.toMatchObject({
    code: 'failed',
    message: /Load into table .* failed/,
  });
  expect(aws.objects.size).toBe(0);
  await using stranger = await openRedshift(url.href, {
    load,
    environment: { ...environment, AWS_ACCESS_KEY_ID: 'other' },
  });
  await expect(stranger.copyIn(table, ['id'], csv('1\n'))).rejects.toMatchObject({ code: 'invalid', message: /403/ });
});

test.each(['cluster', 'serverless'] as const)(
  'IAM lets us in to a %s, with a new password when the old one ends',
  async (kind) => {
    await using own = await testDatabase();
    let given = 0;
    const login = { user: 'IAM:reporter', password: () => `password ${++given}` };
    await using aws = await openAwsStandIn({ accessKeyId: 'AKIDEXAMPLE', login });
    const passwordOf = (user: string) => (user === login.user ? `password ${given}` : undefined);
    await using standIn = await openStandIn({ postgres: own.url, passwordOf });
    const url = new URL(own.url);
    Object.assign(url, { port: String(standIn.port), search: 'sslmode=disable', username: '', password: '' });
    const iam = kind === 'cluster' ? { kind, cluster: 'c', region } : { kind, workgroup: 'w', region };
    const environment = { ...keys, AWS_ENDPOINT_URL_REDSHIFT: aws.url, AWS_ENDPOINT_URL_REDSHIFT_SERVERLESS: aws.url };
    await using database = await openRedshift(url.href, { iam, environment });
    expect(await database.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
    expect(await database.run(sql`select 1`)).toEqual({ rowCount: 1 });
    expect(given).toBe(1);
    await expect(openRedshift(url.href.replace('//', '//somebody:wrong@'))).rejects.toMatchObject({ code: 'invalid' });
  },
);

test.skipIf(!hasOpenssl)('TLS is not optional, and its certificate is checked', async () => {
  await using own = await testDatabase();
  await using folder = await testFolder();
  const [keyFile, certFile] = [join(folder.path, 'key.pem'), join(folder.path, 'certificate.pem')];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', keyFile, '-out', certFile];
  await run('openssl', ['req', '-x509', ...made, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']);
  const cert = await readFile(certFile, 'utf8');
  await using standIn = await openStandIn({ postgres: own.url, tls: { key: await readFile(keyFile, 'utf8'), cert } });
  const url = Object.assign(new URL(own.url), { hostname: 'localhost', port: String(standIn.port), search: '' });
  await using database = await openRedshift(url.href, { ca: cert });
  expect(await database.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  url.search = 'sslmode=verify-full';
  await expect(openRedshift(url.href)).rejects.toMatchObject({ code: 'unreachable', message: /self.signed/ });
  for (const mode of ['disable', 'no-verify']) {
    const far = `postgres://u:p@cluster.example.com:5439/dev?sslmode=${mode}`;
    await expect(openRedshift(far)).rejects.toMatchObject({ code: 'invalid', message: /certificate is checked/ });
  }
});
