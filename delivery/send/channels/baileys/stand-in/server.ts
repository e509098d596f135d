import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireNode } from '../library.ts';
import { answerOf, bytesOf, childOf, jidOf, lidOf, type World } from './answers.ts';
import { codesToShow, pairSuccess, readQr, type Typed, typeCode } from './linking.ts';
import { type Media, openMedia } from './media.ts';
import { messageReader } from './message-reader.ts';
import { newPhone, type Phone } from './phone.ts';
import type { Bubble, StandIn, StandInOptions } from './stand-in.ts';
import { type Heard, type Hello, serverIdentity, speak, type Wire } from './wire.ts';

interface Client {
  readonly wire: Wire;
  readonly hello: Hello;
  typed?: Typed;
  /** What a device that shows a code said first. */
  readonly hail: PromiseWithResolvers<Uint8Array>;
}

const account = '919800000000';
const now = () => String(Math.floor(Date.now() / 1000));

export async function openStandIn(options: StandInOptions): Promise<StandIn> {
  const { tools, manner = () => 'accept', refuse = () => undefined, exists = () => true, at = () => {} } = options;
  const media: Media = await openMedia();
  const identity = serverIdentity(tools);
  const phones = new Map<string, Phone>();
  const phone = (digits: string) => {
    const found = phones.get(digits) ?? newPhone(tools);
    phones.set(digits, found);
    return found;
  };
  /** Devices by number, and the key that each is known by. */
  const linked = new Map<number, string>();
  const clients = new Set<Client>();
  const taken: Bubble[] = [];
  /** Receipts that the device has not said to have heard, by message. */
  const waiting = new Map<string, WireNode>();
  let logins = 0;
  let replaced = 0;
  let lastId = 0;
  const nextId = () => String(++lastId);
  const groups = options.groups ?? new Map();
  const world: World = { account, devices: () => [...linked.keys()], exists, phone, groups, mediaHost: media.host };
  const read = messageReader({ tools, media, phone, groups });
  const receipt = (id: string, to: string, type?: string): WireNode => ({
    tag: 'receipt',
    attrs: {
      id,
      from: to,
      t: now(),
      ...(type === undefined ? {} : { type }),
      ...(to.endsWith('@g.us') ? { participant: jidOf(groups.get(to)?.members[0] ?? '') } : {}),
    },
  });

  function greet(client: Client): void {
    const { wire, hello } = client;
    if (hello.username === undefined) {
      wire.send(codesToShow(nextId()));
      return;
    }
    logins += 1;
    const reason = linked.get(hello.device) === hello.noiseKey ? refuse() : 401;
    if (reason !== undefined) {
      wire.send({ tag: 'failure', attrs: { reason: String(reason), location: 'here' } });
      return;
    }
    for (const other of clients) {
      if (other === client || other.hello.device !== hello.device) continue;
      replaced += 1;
      end(other, 440);
    }
    wire.send({ tag: 'success', attrs: { t: now(), lid: `${lidOf(account).split('@')[0]}:${hello.device}@lid` } });
    for (const node of waiting.values()) wire.send(node);
    wire.send({ tag: 'ib', attrs: {}, content: [{ tag: 'offline', attrs: { count: '0' } }] });
  }

  function end({ wire }: Client, code: number): void {
    const why: WireNode = code === 440 ? { tag: 'conflict', attrs: { type: 'replaced' } } : { tag: 'wait', attrs: {} };
    // The client closes: it must have read why before.
    wire.send({ tag: 'stream:error', attrs: code === 440 ? {} : { code: String(code) }, content: [why] });
  }

  function link(client: Client, wish: { readonly identity: Uint8Array; readonly secret: Uint8Array }): void {
    const device = linked.size + 1;
    linked.set(device, client.hello.noiseKey);
    const lid = `${lidOf(account).split('@')[0]}:${device}@lid`;
    client.wire.send({
      tag: 'iq',
      attrs: { from: 's.whatsapp.net', type: 'set', id: `pair${device}` },
      content: [pairSuccess(tools, phone(account), wish, `${account}:${device}@s.whatsapp.net`, lid)],
    });
  }

  async function message(client: Client, node: WireNode): Promise<void> {
    const { id = '', to = '' } = node.attrs;
    at(id);
    const how = manner(id, to);
    if (how === 'cut-before') return client.wire.close();
    if (how === 'restart') return end(client, 515);
    const ack = (error?: string): WireNode => ({
      tag: 'ack',
      attrs: { id, class: 'message', from: to, t: now(), ...(error === undefined ? {} : { error }) },
    });
    if (how === 'slower') return client.wire.send(ack('429'));
    taken.push(await read(node));
    if (how === 'mute') return;
    waiting.set(id, receipt(id, to));
    if (how === 'cut-after') return client.wire.close();
    if (how === 'silent') return;
    client.wire.send(ack());
    client.wire.send(receipt(id, to));
  }

  const heard: Heard = {
    hello(wire, hello) {
      const client = { wire, hello, hail: Promise.withResolvers<Uint8Array>() };
      clients.add(client);
      greet(client);
    },

    async node(wire, node) {
      const client = [...clients].find((one) => one.wire === wire);
      if (client === undefined) return;
      if (node.tag === 'message') return message(client, node);
      if (node.tag === 'ack' && node.attrs['class'] === 'receipt') waiting.delete(node.attrs['id'] ?? '');
      if (node.tag !== 'iq') return;
      const paired = /^pair\d+$/.test(node.attrs['id'] ?? '') && node.attrs['type'] === 'result';
      if (paired) return end(client, 515);
      if (node.attrs['type'] === 'result') return;
      const reg = childOf(node, 'link_code_companion_reg');
      if (reg?.attrs['stage'] === 'companion_hello') {
        client.hail.resolve(bytesOf(childOf(reg, 'link_code_pairing_wrapped_companion_ephemeral_pub')));
        return;
      }
      wire.send(await answerOf(node, world));
      if (reg?.attrs['stage'] === 'companion_finish' && client.typed) {
        const bundle = bytesOf(childOf(reg, 'link_code_pairing_wrapped_key_bundle'));
        link(client, client.typed.finish(bundle, bytesOf(childOf(reg, 'companion_identity_public'))));
      }
    },

    gone(wire) {
      for (const client of clients) if (client.wire === wire) clients.delete(client);
    },
  };

  const server = createServer();
  const sockets = new tools.WebSocketServer({ server });
  sockets.on('connection', (socket) => speak(tools, identity, socket, heard));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const unlinkedClient = () => [...clients].find(({ hello }) => hello.username === undefined);

  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws/chat`,
    issuer: identity.issuer.toString('hex'),
    certificate: media.certificate,
    taken,
    account,
    logins: () => logins,
    waiting: () => waiting.size,
    replaced: () => replaced,
    scan(qr) {
      const client = unlinkedClient();
      if (client) link(client, readQr(qr));
    },
    async type(code) {
      const client = unlinkedClient();
      if (client === undefined) throw new Error('no device shows a code');
      client.typed = await typeCode(tools, phone(account), code, await client.hail.promise);
      client.wire.send({
        tag: 'notification',
        attrs: { id: nextId(), from: 's.whatsapp.net', type: 'link_code_companion_reg', t: now() },
        content: [client.typed.answer],
      });
    },
    unlink() {
      linked.clear();
      for (const { wire } of clients)
        wire.send({
          tag: 'stream:error',
          attrs: { code: '401' },
          content: [{ tag: 'conflict', attrs: { type: 'device_removed' } }],
        });
    },
    streamError(code) {
      for (const client of clients) end(client, code);
    },
    readBy(id) {
      const bubble = taken.find((one) => one.id === id);
      for (const { wire } of clients) if (bubble) wire.send(receipt(id, bubble.to, 'read'));
    },
    async [Symbol.asyncDispose]() {
      for (const { wire } of clients) wire.close();
      sockets.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await media[Symbol.asyncDispose]();
    },
  };
}
