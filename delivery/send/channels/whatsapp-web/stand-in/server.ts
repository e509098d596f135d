import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { messageTaker } from './message-taker.ts';
import type { StandIn, StandInChat, StandInMessage, StandInOptions } from './stand-in.ts';

type Session = 'ready' | 'restricted';

const files = ['page.mjs', 'markup.mjs', 'words.mjs', 'page.css'];
const usualMenu = ['sticker', 'pictures', 'document', 'contact'] as const;

export async function openStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const { slowMs = 1_500, at = () => {}, manner = () => 'tick' as const } = options;
  let { era = 3, language = 'en' } = options;
  const chats: StandInChat[] = (options.chats ?? []).map((chat) => ({ ...chat, id: randomUUID(), messages: [] }));
  const linked = new Set<string>();
  /** Devices that were linked once. */
  const known = new Set<string>();
  const waiting: string[] = [];
  const codes = new Map<string, string>();
  const streams = new Set<ServerResponse>();
  let everyDevice = options.linked === true;
  let session: Session = 'ready';
  let away = false;
  let drifted = false;

  const tell = (event: string, data: unknown) => {
    for (const stream of streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const { accept, update } = messageTaker(chats, tell, { slowMs, at, manner });

  const sessionOf = (device: string) => {
    if (everyDevice) known.add(device);
    if (everyDevice || linked.has(device)) return session;
    if (!waiting.includes(device)) waiting.push(device);
    return known.has(device) ? 'logged-out' : 'unpaired';
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const device = url.searchParams.get('device') ?? '';
    const give = (value: unknown) => {
      response.writeHead(value === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value ?? {}));
    };
    const file = files.find((name) => url.pathname === `/${name}`);
    if (file) {
      const type = file.endsWith('.css') ? 'text/css' : 'text/javascript';
      response.writeHead(200, { 'content-type': type }).end(await readFile(new URL(file, import.meta.url)));
      return;
    }
    switch (url.pathname) {
      case '/':
      case '/send':
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
        response.end(
          '<!doctype html><title>WhatsApp (stand-in)</title><link rel="stylesheet" href="/page.css"><input type="file" id="sticker-input" accept="image/*" hidden><div id="app"></div><script type="module" src="/page.mjs"></script>',
        );
        return;
      case '/state': {
        const { loading = 0, dialogs = 0, labels = true, menu = usualMenu } = options;
        return give({ era, language, loading, dialogs, labels, menu, away, drifted, session: sessionOf(device) });
      }
      case '/events':
        response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
        response.write(': hello\n\n');
        streams.add(response);
        response.on('close', () => streams.delete(response));
        return;
      case '/search': {
        const text = (url.searchParams.get('text') ?? '').toLowerCase();
        return give(text === '' ? [] : chats.filter(({ name }) => name.toLowerCase().includes(text)));
      }
      case '/chat': {
        at('opened');
        return give(find(url.searchParams.get('id') ?? undefined, url.searchParams.get('phone') ?? undefined));
      }
      case '/code': {
        const { device: of } = (await json(request)) as { device: string };
        const code = randomUUID().slice(0, 8).toUpperCase();
        codes.set(of, code);
        return give({ code });
      }
      case '/messages': {
        const { device: _device, ...message } = (await json(request)) as StandInMessage & { device: string };
        const taken = await accept(message);
        if (taken) return give({});
        // The line hangs until the page goes.
        return;
      }
      default:
        give(undefined);
    }
  }

  function find(id: string | undefined, phone: string | undefined): StandInChat | undefined {
    if (id !== undefined) return chats.find((chat) => chat.id === id);
    if (phone === undefined || !/^\d{7,15}$/.test(phone) || options.unknown?.includes(phone)) return undefined;
    const chat = chats.find((one) => one.phone === `+${phone}`);
    if (chat) return chat;
    const fresh = { id: randomUUID(), name: `+${phone}`, phone: `+${phone}`, messages: [] };
    chats.push(fresh);
    return fresh;
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  }).listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    chats,
    taken: () => chats.flatMap(({ messages }) => messages.filter(({ own }) => own)),
    scan() {
      const device = waiting.pop();
      if (device === undefined) return false;
      linked.add(device);
      known.add(device);
      tell('state', {});
      return true;
    },
    code: () => [...codes.values()].at(-1),
    dress(newEra, newLanguage) {
      [era, language] = [newEra, newLanguage];
    },
    logOut() {
      everyDevice = false;
      linked.clear();
      tell('state', {});
    },
    restrict(on) {
      session = on ? 'restricted' : 'ready';
      tell('state', {});
    },
    phoneAway(on) {
      away = on;
    },
    drift(on) {
      drifted = on;
    },
    tickAll() {
      for (const chat of chats)
        for (const { id, own, status } of chat.messages) if (own && status === 'pending') update(chat, id, 'sent');
    },
    say(name, text, when = Date.now()) {
      const chat = chats.find((one) => one.name === name);
      chat?.messages.push({ chat: chat.id, id: randomUUID(), own: false, text, at: when, status: 'read' });
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => {});
    },
  };
}
