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

test('a large result comes by UNLOAD, exact and in its order; what lay in S3 for it is taken away', async () => {
  await using own = await testDatabase();
  await using aws = await openAwsStandIn({ accessKeyId: 'AKIDEXAMPLE' });
  const said: string[] = [];
  const log = ({ statement }: { readonly statement: string }) => void said.push(statement);
  await using standIn = await openStandIn({ postgres: own.url, bucket: aws.bucket, log });
  const url = Object.assign(new URL(own.url), { port: String(standIn.port), search: 'sslmode=disable' });
  const unload = { at: 's3://lake/outgoing', role: 'arn:aws:iam::123456789012:role/writer', region, rows: 100 };
  const environment = { ...keys, AWS_ENDPOINT_URL_S3: aws.url };
  await using plain = await openRedshift(url.href);
  await using database = await openRedshift(url.href, { unload, environment });
  await plain.query(sql`create table public.lines (id int, big bigint, amount numeric(18,2), note varchar(200), day date,
    at timestamp, seen timestamptz, good boolean, weight float8)`);
  const notes = [null, '', 'it\'s, "so"', 'two\nlines\r\nor three', 'ಅಕ್ಷರ 0', 'null'];
  for (let id = 0; id < 900; id += 1) {
    const at = new Date(Date.UTC(2021, 8, 1, 0, id)).toISOString().slice(0, 19).replace('T', ' ');
    await plain.query(
      sql`insert into public.lines values (${id}, 9007199254740993, ${`${id}.50`}, ${notes[id % 6]}, '2021-09-01',
        ${at}, ${`${at}.25+05:30`}, ${[true, false, null][id % 3]}, 0.1)`,
    );
  }
  await own.database.query(sql`analyze public.lines`);
  const unloads = () => said.filter((statement) => statement.startsWith('unload')).length;
  const rowsOf = async (from: typeof database, statement: string) =>
    await Array.fromAsync(from.stream(sql.__dangerous__rawValue(statement)));
  const columns = 'id, big, amount, note, day, at, seen, good';
  const ordered = `select ${columns} from public.lines where note is null or note <> 'it''s' order by id desc -- all`;
  const rows = await rowsOf(database, ordered);
  expect(unloads()).toBe(1);
  expect(rows).toHaveLength(900);
  expect(rows).toEqual(await rowsOf(plain, ordered));
  expect(aws.objects.size).toBe(0);
  const byId = (list: readonly { id?: unknown }[]) => list.toSorted((a, b) => Number(a.id) - Number(b.id));
  const loose = `select ${columns} from public.lines`;
  expect(byId(await rowsOf(database, loose))).toEqual(byId(await rowsOf(plain, loose)));
  expect(unloads()).toBe(2);

  // What UNLOAD refuses, or does not keep, or what is small, comes by cursor.
  for (const other of [`${loose} order by id limit 500`, 'select weight from public.lines', 'select 1 as one']) {
    expect(await rowsOf(database, other)).toEqual(await rowsOf(plain, other));
  }
  expect(unloads()).toBe(2);

  // The transaction sees its moment, goes on after a stream that was left, and a mistake is told where it is.
  await database.transaction(
    async (tx) => {
      for await (const row of tx.stream<{ id: number }>(sql`select id from public.lines order by id`)) {
        expect(row).toEqual({ id: 0 });
        break;
      }
      expect(aws.objects.size).toBe(0);
      expect(await tx.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
    },
    { isolation: 'snapshot', readOnly: true },
  );
  expect(unloads()).toBe(3);
  await expect(rowsOf(database, 'select wrong from public.lines')).rejects.toMatchObject({ code: 'failed' });
  expect(await rowsOf(database, 'select id from public.lines where id < 0')).toEqual([]);
  await using lost = await openRedshift(url.href, { unload, environment: { ...environment, AWS_ACCESS_KEY_ID: 'no' } });
  await expect(rowsOf(lost, loose)).rejects.toMatchObject({ code: 'invalid', message: /403/ });
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
