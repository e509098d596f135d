import { type Client, openClient } from './client.ts';
import type { Server } from './server.ts';

/** How long a connection that nobody uses stays open, in milliseconds. */
const spareFor = 30_000;

/** Connections of our own beside the pool: letting one in takes longer than many a statement, so they are kept for the next. */
export interface SpareClients extends AsyncDisposable {
  /** Lends a connection to `work`. One whose work failed, or was to be cancelled, is not lent again: a late cancel may still meet it. */
  lend<T>(work: (client: Client) => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
}

/** Opens nothing yet. Disposed, it closes the connections that nobody uses. */
export function spareClients(server: Server): SpareClients {
  const spare = new Map<Client, NodeJS.Timeout>();
  const take = (client: Client): Client => {
    clearTimeout(spare.get(client));
    spare.delete(client);
    return client;
  };
  const close = (client: Client): Promise<void> => Promise.resolve(client[Symbol.asyncDispose]()).catch(() => {});
  const put = (client: Client): void => {
    const timer = setTimeout(() => void close(take(client)), spareFor);
    timer.unref();
    spare.set(client, timer);
  };
  const open = async (): Promise<Client> => {
    const client = await openClient(server);
    // The line of one that waits may break.
    client.connection.once('end', () => take(client));
    return client;
  };
  return {
    async lend(work, signal) {
      const [first] = spare.keys();
      const client = first ? take(first) : await open();
      try {
        const result = await work(client);
        if (signal?.aborted) await close(client);
        else put(client);
        return result;
      } catch (error) {
        await close(client);
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...spare.keys()].map((client) => close(take(client))));
    },
  };
}
