import { expect, test } from 'vitest';
import { parseServer, readServer } from './server.ts';

test('reads every part of a URL, decoded', () => {
  expect(parseServer('postgresql://me%40x:p%2Fw@db.example.com:6432/my%20db?application_name=a')).toEqual({
    server: {
      host: 'db.example.com',
      port: 6432,
      database: 'my db',
      user: 'me@x',
      password: 'p/w',
      applicationName: 'a',
      tls: false,
    },
    mode: undefined,
    rootFile: undefined,
  });
});

test.each([
  ['postgres:///d?host=/run/postgresql', '/run/postgresql'],
  ['postgres://[::1]/d', '::1'],
  ['postgres:///d', '127.0.0.1'],
])('%s is at %s', (url, host) => {
  expect(parseServer(url).server).toMatchObject({ host, port: 5432, database: 'd' });
});

test.each([
  ['postgres://h/d', { rejectUnauthorized: true }],
  ['postgres://h/d?sslmode=require', { rejectUnauthorized: true }],
  ['postgres://h/d?sslmode=verify-full', { rejectUnauthorized: true }],
  ['postgres://localhost/d?sslmode=verify-full', { rejectUnauthorized: true }],
  ['postgres://h/d?sslmode=no-verify', { rejectUnauthorized: false }],
  ['postgres://h/d?sslmode=disable', false],
  ['postgres://localhost/d', false],
  ['postgres://127.0.0.1/d', false],
  ['postgres:///d?host=/run/postgresql', false],
])('%s: TLS %j', async (url, tls) => {
  expect(await readServer(url)).toMatchObject({ tls });
});

test('a certificate asks for TLS and stands in the options', async () => {
  const ca = '-----BEGIN CERTIFICATE-----\n...';
  expect(await readServer('postgres://localhost/d', { ca })).toMatchObject({ tls: { rejectUnauthorized: true, ca } });
});

test.each([
  ['mysql://secret@h/d', /not one of PostgreSQL/],
  ['host=secret', /not one of PostgreSQL/],
  ['postgres://u:secret@h/', /names no database/],
  ['postgres://u:secret@h/d?sslmode=prefer', /promises nothing/],
  ['postgres://u:secret@h/d?sslmode=verify-full&sslrootcert=/nowhere.pem', /nowhere\.pem/],
])('%s is refused and not repeated', async (url, message) => {
  const error = await readServer(url).catch((caught) => caught);
  expect(error).toMatchObject({ code: 'invalid', message: expect.stringMatching(message) });
  expect(`${error.message} ${error.hint}`).not.toContain('secret');
});
