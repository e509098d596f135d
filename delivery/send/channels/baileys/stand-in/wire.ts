import type { WireNode } from '../library.ts';
import { intro, type Noise, serverNoise } from './noise.ts';
import type { KeyPair, Tools, WebSocket } from './tools.ts';

/** Who a client says that it is. */
export interface Hello {
  /** The account's number; undefined for a device that is yet to be linked. */
  readonly username: string | undefined;
  readonly device: number;
  /** The key that a device is known by. */
  readonly noiseKey: string;
}

/** A client's connection after the handshake. */
export interface Wire {
  send(node: WireNode): void;
  close(): void;
}

/** What happens on a connection. */
export interface Heard {
  hello(wire: Wire, hello: Hello): void;
  node(wire: Wire, node: WireNode): Promise<void>;
  gone(wire: Wire): void;
}

/** What a server shows for itself: a certificate by an issuer, whose key clients are told. */
export interface ServerIdentity {
  readonly keys: KeyPair;
  readonly issuer: Buffer;
  readonly certificate: Uint8Array;
}

export function serverIdentity({ Curve, proto }: Tools): ServerIdentity {
  const [keys, issuer, between] = [Curve.generateKeyPair(), Curve.generateKeyPair(), Curve.generateKeyPair()];
  const { CertChain } = proto;
  const details = (serial: number, issuerSerial: number, key: Buffer) =>
    CertChain.NoiseCertificate.Details.encode({ serial, issuerSerial, key }).finish();
  const [leaf, intermediate] = [details(2, 1, keys.public), details(1, 0, between.public)];
  const certificate = CertChain.encode({
    leaf: { details: leaf, signature: Curve.sign(between.private, leaf) },
    intermediate: { details: intermediate, signature: Curve.sign(issuer.private, intermediate) },
  }).finish();
  return { keys, issuer: issuer.public, certificate };
}

interface Handshake {
  readonly clientHello?: { readonly ephemeral: Uint8Array };
  readonly clientFinish?: { readonly static: Uint8Array; readonly payload: Uint8Array };
}

/** Speaks with a client: the handshake, and then nodes in frames of a three-byte length each. */
export function speak(tools: Tools, identity: ServerIdentity, socket: WebSocket, heard: Heard): void {
  const noise: Noise = serverNoise(tools.Curve, identity.keys, identity.certificate);
  let rest = Buffer.alloc(0);
  let begun = false;
  let open = false;
  let reading: Promise<void> = Promise.resolve();
  const frame = (bytes: Uint8Array) => {
    const length = Buffer.alloc(3);
    length.writeUIntBE(bytes.length, 0, 3);
    socket.send(Buffer.concat([length, bytes]));
  };
  const wire: Wire = {
    send: (node) => frame(noise.write(tools.encodeBinaryNode(node))),
    close: () => socket.terminate(),
  };

  async function take(bytes: Buffer): Promise<void> {
    if (open) return heard.node(wire, await tools.decodeBinaryNode(noise.read(bytes)));
    const { clientHello, clientFinish } = tools.proto.HandshakeMessage.decode(bytes) as Handshake;
    if (clientHello) {
      frame(tools.proto.HandshakeMessage.encode({ serverHello: noise.hello(clientHello.ephemeral) }).finish());
    } else if (clientFinish) {
      const { static: key, payload } = noise.finish(clientFinish.static, clientFinish.payload);
      open = true;
      const { username, device, devicePairingData } = tools.proto.ClientPayload.decode(payload) as {
        readonly username?: { toString(): string };
        readonly device?: number;
        readonly devicePairingData?: unknown;
      };
      const known = devicePairingData ? undefined : username?.toString();
      heard.hello(wire, { username: known, device: device ?? 0, noiseKey: key.toString('base64') });
    }
  }

  socket.on('message', (data) => {
    rest = Buffer.concat([rest, data]);
    if (!begun) {
      if (rest.length < intro.length) return;
      // A client that was here before names a server first.
      rest = rest.subarray(rest.indexOf(intro) + intro.length);
      begun = true;
    }
    while (rest.length >= 3 && rest.length >= 3 + rest.readUIntBE(0, 3)) {
      const whole = rest.subarray(3, 3 + rest.readUIntBE(0, 3));
      rest = rest.subarray(3 + whole.length);
      // In their order: the nonce of each is its number.
      reading = reading.then(() => take(whole)).catch(() => socket.terminate());
    }
  });
  socket.on('close', () => heard.gone(wire));
}
