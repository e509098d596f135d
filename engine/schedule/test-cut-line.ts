import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to a server that can be cut and joined again. */
export interface CutLine extends AsyncDisposable {
  /** The server's URL, by this line. */
  readonly url: string;
  /** Ends every connection and refuses new ones, as a server that is down. */
  cut(): void;
  join(): void;
}

/** Opens a line to the server of a URL, on a port of the loopback interface. */
export async function cutLine(server: string): Promise<CutLine> {
  const target = new URL(server);
  const open = new Set<Socket>();
  let whole = true;
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => {});
  };
  const listener = createServer((near) => {
    keep(near);
    if (!whole) return near.destroy();
    const far = connect(Number(target.port), target.hostname);
    keep(far);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    return undefined;
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const url = new URL(server);
  url.hostname = '127.0.0.1';
  url.port = String((listener.address() as AddressInfo).port);
  const cut = () => {
    whole = false;
    for (const socket of open) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    join() {
      whole = true;
    },
    async [Symbol.asyncDispose]() {
      cut();
      listener.close();
      await once(listener, 'close');
    },
  };
}
