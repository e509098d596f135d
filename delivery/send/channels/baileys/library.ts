import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Fault } from '#engine';

/** The one version that this adapter was written for and is tested with. */
export const baileysVersion = '7.0.0-rc14';

/** Where it is installed, from the project's root: it is no dependency, because it brings a library under the GPL. */
const folder = join('var', 'baileys');

/** A node of WhatsApp's protocol. */
export interface WireNode {
  readonly tag: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly content?: readonly WireNode[] | Uint8Array | string;
}

/** A linked device's own keys and names; opaque but for what is read here. */
export interface Credentials {
  readonly me?: { readonly id: string };
  /** What the phone signed when it linked the device. */
  readonly account?: unknown;
}

export type SignalValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Where Baileys reads and writes what a device keeps. */
export interface AuthState {
  readonly creds: Credentials;
  readonly keys: {
    get(type: string, ids: readonly string[]): Promise<Record<string, unknown>>;
    set(values: SignalValues): Promise<void>;
  };
}

export interface ConnectionUpdate {
  readonly connection?: 'connecting' | 'open' | 'close';
  readonly qr?: string;
  readonly lastDisconnect?: { readonly error?: { readonly output?: { readonly statusCode?: number } } };
}

/** A message as it is encrypted for its recipients. */
export type WireMessage = Readonly<Record<string, unknown>>;

export interface Device {
  readonly jid: string;
}

/** What is used of a connection of Baileys. */
export interface Socket {
  readonly ev: {
    on(event: 'connection.update', heard: (update: ConnectionUpdate) => void): void;
    on(event: 'creds.update', heard: (update: Partial<Credentials>) => void): void;
  };
  readonly ws: { on(event: string, heard: (node: WireNode) => void): void };
  readonly waUploadToServer: unknown;
  end(error: Error | undefined): Promise<void>;
  requestPairingCode(phone: string): Promise<string>;
  onWhatsApp(phone: string): Promise<readonly { readonly jid: string; readonly exists: boolean }[] | undefined>;
  groupFetchAllParticipating(): Promise<Readonly<Record<string, { readonly id: string; readonly subject: string }>>>;
  getUSyncDevices(jids: readonly string[], useCache: boolean, ignoreZeroDevices: boolean): Promise<readonly Device[]>;
  assertSessions(jids: readonly string[]): Promise<boolean>;
  /** Waits for a node by its id; undefined when it does not come in time. Rejects when the connection ends. */
  waitForMessage(id: string, milliseconds: number): Promise<WireNode | undefined>;
  relayMessage(jid: string, message: WireMessage, options: { readonly messageId: string }): Promise<string>;
}

/** What is used of Baileys. */
export interface Baileys {
  makeWASocket(config: Readonly<Record<string, unknown>>): Socket;
  initAuthCreds(): Credentials;
  readonly BufferJSON: {
    readonly replacer: (this: unknown, key: string, value: unknown) => unknown;
    readonly reviver: (this: unknown, key: string, value: unknown) => unknown;
  };
  readonly proto: {
    readonly Message: {
      readonly AppStateSyncKeyData: { fromObject(value: unknown): unknown };
      encode(message: WireMessage): { finish(): Uint8Array };
      decode(bytes: Uint8Array): WireMessage;
    };
  };
  generateWAMessage(
    jid: string,
    content: Readonly<Record<string, unknown>>,
    options: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly message: WireMessage }>;
}

let quiet = false;

/** Loads Baileys from a project's var/baileys. Throws `Fault` invalid with the command that installs it. */
export async function loadBaileys(root: string): Promise<Baileys> {
  const home = join(root, folder, 'node_modules', 'baileys');
  const hint = `In the project's folder: npm install --prefix ${folder} --ignore-scripts --save-exact baileys@${baileysVersion}`;
  const text = await readFile(join(home, 'package.json'), 'utf8').catch((cause) => {
    throw new Fault('invalid', `Baileys is not installed in ${folder}`, { cause, hint });
  });
  const { version } = JSON.parse(text) as { readonly version?: string };
  if (version !== baileysVersion) {
    throw new Fault('invalid', `${folder} has Baileys ${version}, and this program needs ${baileysVersion}`, { hint });
  }
  if (!quiet) quietSignal();
  quiet = true;
  // Its types are its own; what is used of them is above.
  return (await import(pathToFileURL(join(home, 'lib', 'index.js')).href)) as Baileys;
}

/**
 * Keeps the library of Signal's protocol from writing on the console: it writes whole sessions there, their private keys
 * among them.
 */
function quietSignal(): void {
  for (const level of ['log', 'info', 'warn', 'error'] as const) {
    const write = console[level];
    console[level] = (...words: readonly unknown[]) => {
      if (!new Error().stack?.includes(join('node_modules', 'libsignal'))) write(...words);
    };
  }
}
