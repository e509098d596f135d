import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import pg from 'pg';
import { openBackend } from './backend.ts';
import type { Mishaps } from './faults.ts';
import { homeSql } from './home.ts';
import { type Logged, serve } from './line.ts';
import type { Bucket } from './special.ts';
import { errorFrame, type Frame, frame, framesOf, textsOf, zeroEnded } from './wire.ts';

/** How the stand-in is set up. */
export interface StandInOptions {
  /** Logs in to the PostgreSQL behind it; the client's database is asked for there. */
  readonly postgres: string;
  /** PEM texts; without them it speaks in the clear. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** The password that a user must give; undefined for a user whom it does not know. Default: everybody, any password. */
  readonly passwordOf?: (user: string) => string | undefined;
  readonly bucket?: Bucket;
  readonly mishaps?: Mishaps;
  /** Told of every statement that arrives. */
  readonly log?: (entry: Logged) => void;
}

export interface StandIn extends AsyncDisposable {
  readonly port: number;
}

const sslRequest = 80_877_103;
const cancelRequest = 80_877_102;

/** What a session may be told before it begins; Redshift refuses the names it does not know. */
const startParameters = new Set([
  'user',
  'database',
  'application_name',
  'client_encoding',
  'datestyle',
  'timezone',
  'extra_float_digits',
  'replication',
  'options',
]);

/** Opens a stand-in for Redshift on a free port of the loopback interface. It is none: see README.md beside it. */
export async function openStandIn(options: StandInOptions): Promise<StandIn> {
  let count = 0;
  const lines = new Set<Socket>();
  const homes = new Map<string, Promise<void>>();
  const facts = {
    mishaps: options.mishaps ?? (() => undefined),
    bucket: options.bucket,
    next: () => ++count,
    log: options.log ?? (() => {}),
  };
  const server = createServer((socket) => {
    lines.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.once('close', () => lines.delete(socket));
    greet(socket, options, async (client, messages, database, applicationName) => {
      const url = new URL(options.postgres);
      url.pathname = `/${database}`;
      if (!homes.has(database)) homes.set(database, prepare(url.href));
      await homes.get(database);
      const backend = await openBackend(url.href, applicationName);
      client.write(welcome(backend.pid));
      await serve(client, messages, backend, facts);
    }).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    async [Symbol.asyncDispose]() {
      for (const line of lines) line.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

async function prepare(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    // Two stand-ins may come to one database at once.
    await client.query(`select pg_advisory_lock(7482114)`);
    await client.query(homeSql);
  } finally {
    await client.end();
  }
}

type Begin = (
  client: Duplex,
  messages: AsyncGenerator<Frame>,
  database: string,
  applicationName: string,
) => Promise<void>;

/** TLS, start-up, password: up to where statements begin. */
async function greet(socket: Socket, options: StandInOptions, begin: Begin): Promise<void> {
  let client: Duplex = socket;
  let first = await startMessage(client);
  if (first.readUInt32BE(0) === cancelRequest) return void socket.destroy();
  if (first.readUInt32BE(0) === sslRequest) {
    socket.write(options.tls ? 'S' : 'N');
    if (options.tls) {
      client = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(options.tls) });
      client.on('error', () => {});
    }
    first = await startMessage(client);
  }
  const told = textsOf(first.subarray(4));
  const said = new Map(
    told.flatMap((name, index) => (index % 2 === 0 && name ? [[name.toLowerCase(), told[index + 1] ?? '']] : [])),
  );
  const unknown = [...said.keys()].find((name) => !startParameters.has(name));
  if (unknown !== undefined) {
    return void client.end(
      errorFrame({ S: 'FATAL', C: '42704', M: `unrecognized configuration parameter "${unknown}"` }),
    );
  }
  const user = said.get('user') ?? '';
  const messages = framesOf(client);
  if (options.passwordOf && !(await knows(client, messages, user, options.passwordOf(user)))) {
    const M = `password authentication failed for user "${user}"`;
    return void client.end(errorFrame({ S: 'FATAL', C: '28000', M }));
  }
  await begin(client, messages, said.get('database') ?? user, said.get('application_name') ?? '');
}

/** The first message has no letter: its length, then what it is. */
async function startMessage(client: Duplex): Promise<Buffer> {
  for (;;) {
    const length: Buffer | null = client.read(4);
    if (length) {
      for (;;) {
        const body: Buffer | null = client.read(length.readUInt32BE(0) - 4);
        if (body) return body;
        await once(client, 'readable');
      }
    }
    await once(client, 'readable');
  }
}

/** Asks for the password by MD5, which is how Redshift asks drivers that know nothing newer. */
async function knows(
  client: Duplex,
  messages: AsyncGenerator<Frame>,
  user: string,
  password: string | undefined,
): Promise<boolean> {
  const salt = randomBytes(4);
  client.write(frame('R', Buffer.concat([Buffer.from([0, 0, 0, 5]), salt])));
  const { value: answer } = await messages.next();
  const md5 = (...parts: readonly (string | Buffer)[]) =>
    parts.reduce((hash, part) => hash.update(part), createHash('md5')).digest('hex');
  const wanted = Buffer.from(`md5${md5(md5(password ?? randomBytes(16), user), salt)}`);
  const given = Buffer.from(answer ? (textsOf(answer.body)[0] ?? '') : '');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** You are in; and this is a server of that old kind. */
function welcome(pid: number): Buffer {
  const says = {
    server_version: '8.0.2',
    server_encoding: 'UTF8',
    client_encoding: 'UTF8',
    DateStyle: 'ISO, MDY',
    TimeZone: 'UTC',
  };
  const key = Buffer.alloc(8);
  key.writeUInt32BE(pid, 0);
  return Buffer.concat([
    frame('R', Buffer.alloc(4)),
    ...Object.entries(says).map(([name, value]) => frame('S', zeroEnded(name, value))),
    frame('K', key),
    frame('Z', Buffer.from('I')),
  ]);
}
