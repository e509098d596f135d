import { once } from 'node:events';
import { createServer } from 'node:net';
import { Fault } from '../fault.ts';

/** A free port of the loopback interface: the wanted one if it is, otherwise any. Free a moment ago, that is. */
export async function freePort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address !== null && typeof address === 'object') return address.port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    } finally {
      server.close();
    }
  }
  throw new Fault('unreachable', 'There is no free port on 127.0.0.1.');
}
