import type { Duplex } from 'node:stream';
import pg from 'pg';
import { homeSchema } from './rewrite.ts';
import { type Frame, frame, framesOf, zeroEnded } from './wire.ts';

/** The PostgreSQL session behind one line of the stand-in, as its bare socket once somebody is logged in. */
export interface Backend {
  readonly pid: number;
  readonly socket: Duplex;
  readonly frames: AsyncGenerator<Frame, void, void>;
}

/** Logs in to PostgreSQL by URL and takes the socket from the driver. Its session looks for names at home, too. */
export async function openBackend(url: string, applicationName: string): Promise<Backend> {
  const client = new pg.Client({ connectionString: url, application_name: applicationName });
  client.on('error', () => {});
  await client.connect();
  await client.query(`set search_path to "$user", public, ${homeSchema}`);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  // The driver has no word for giving up a connection without closing it; its types do not tell of the socket.
  const { stream: socket } = (client as unknown as { connection: { stream: Duplex } }).connection;
  socket.pause();
  socket.removeAllListeners('data');
  socket.removeAllListeners('end');
  socket.removeAllListeners('close');
  socket.removeAllListeners('error');
  socket.on('error', () => {});
  return { pid: rows[0]?.pid ?? 0, socket, frames: framesOf(socket) };
}

/** A statement of the simple protocol. */
export const queryFrame = (text: string): Buffer => frame('Q', zeroEnded(text));
