import type { Server } from 'node:http';
import type { WireMessage, WireNode } from '../library.ts';

export interface KeyPair {
  readonly private: Buffer;
  readonly public: Buffer;
}

/** A socket of the library `ws`. */
export interface WebSocket {
  on(event: 'message', heard: (data: Buffer) => void): void;
  on(event: 'close', heard: () => void): void;
  send(data: Uint8Array): void;
  close(): void;
  terminate(): void;
}

interface Encoded {
  finish(): Uint8Array;
}

/** A message of the protocol's own format. */
interface Proto {
  encode(value: Readonly<Record<string, unknown>>): Encoded;
  decode(bytes: Uint8Array): unknown;
}

/** What the stand-in uses of Baileys and `ws`, to speak the same wire: formats and signatures, not behaviour. */
export interface Tools {
  readonly WebSocketServer: new (options: {
    readonly server: Server;
  }) => {
    on(event: 'connection', heard: (socket: WebSocket) => void): void;
    close(): void;
  };
  readonly Curve: {
    generateKeyPair(): KeyPair;
    sharedKey(mine: Uint8Array, theirs: Uint8Array): Buffer;
    sign(key: Uint8Array, bytes: Uint8Array): Buffer;
  };
  readonly WA_CERT_DETAILS: { PUBLIC_KEY: Buffer };
  readonly DEFAULT_CONNECTION_CONFIG: {
    waWebSocketUrl: string;
    makeSignalRepository(auth: unknown, log: unknown, lidsOf: () => Promise<readonly never[]>): unknown;
  };
  encodeBinaryNode(node: WireNode): Buffer;
  decodeBinaryNode(bytes: Uint8Array): Promise<WireNode>;
  derivePairingCodeKey(code: string, salt: Uint8Array): Promise<Buffer>;
  aesEncryptCTR(bytes: Uint8Array, key: Uint8Array, iv: Uint8Array): Buffer;
  aesDecryptCTR(bytes: Uint8Array, key: Uint8Array, iv: Uint8Array): Buffer;
  aesDecryptGCM(bytes: Uint8Array, key: Uint8Array, iv: Uint8Array, more: Uint8Array): Buffer;
  hkdf(bytes: Uint8Array, length: number, info: { readonly salt?: Buffer; readonly info?: string }): Buffer;
  initAuthCreds(): Readonly<{
    signedIdentityKey: KeyPair;
    signedPreKey: { readonly keyPair: KeyPair; readonly signature: Buffer; readonly keyId: number };
    registrationId: number;
  }>;
  addTransactionCapability(keys: unknown, log: unknown, options: Readonly<Record<string, number>>): unknown;
  readonly proto: {
    readonly HandshakeMessage: Proto;
    readonly CertChain: Proto & {
      readonly NoiseCertificate: { readonly Details: Proto };
    };
    readonly ClientPayload: Proto;
    readonly ADVSignedDeviceIdentityHMAC: Proto;
    readonly ADVSignedDeviceIdentity: Proto;
    readonly ADVDeviceIdentity: Proto;
    readonly Message: { decode(bytes: Uint8Array): WireMessage };
  };
  downloadContentFromMessage(
    message: unknown,
    type: string,
    options?: Readonly<Record<string, unknown>>,
  ): Promise<AsyncIterable<Uint8Array>>;
}
