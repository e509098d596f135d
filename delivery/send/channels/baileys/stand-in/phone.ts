import type { WireMessage, WireNode } from '../library.ts';
import type { KeyPair, Tools } from './tools.ts';

/** Somebody's phone: it has keys of its own, and reads what is encrypted for it. */
export interface Phone {
  readonly identity: KeyPair;
  /** What a sender needs to begin a conversation, with a key that is used once. */
  bundle(jid: string): Promise<WireNode>;
  /** Reads a message of a conversation. Throws where it cannot be read. */
  read(type: string, ciphertext: Uint8Array): Promise<WireMessage>;
  /** Reads what was sent to a group whose key the sender has given it. */
  readInGroup(group: string, ciphertext: Uint8Array): Promise<WireMessage>;
  learn(key: unknown): Promise<void>;
}

type Keys = Record<string, Record<string, unknown>>;

/** Signal's protocol, by Baileys' own library of it. */
interface Repository {
  decryptMessage(of: { jid: string; type: string; ciphertext: Uint8Array }): Promise<Uint8Array>;
  decryptGroupMessage(of: { group: string; authorJid: string; msg: Uint8Array }): Promise<Uint8Array>;
  processSenderKeyDistributionMessage(of: { item: unknown; authorJid: string }): Promise<void>;
}

const nothing = () => {};
const log = { child: () => log, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
/** All messages come from one account, by this name to the phones. */
const sender = '1@lid';

const bytes = (value: number, length: number) => {
  const buffer = Buffer.alloc(length);
  buffer.writeUIntBE(value, 0, length);
  return buffer;
};
const leaf = (tag: string, content: Uint8Array): WireNode => ({ tag, attrs: {}, content });
/** Messages end in as many bytes of padding as their last byte says. */
const unpadded = (message: Uint8Array) => message.subarray(0, message.length - (message.at(-1) ?? 0));

export function newPhone(tools: Tools): Phone {
  const creds = tools.initAuthCreds();
  const kept: Keys = {};
  const store = {
    get: async (type: string, ids: readonly string[]) =>
      Object.fromEntries(ids.flatMap((id) => (kept[type]?.[id] === undefined ? [] : [[id, kept[type]?.[id]]]))),
    set: async (values: Keys) => {
      for (const [type, byId] of Object.entries(values)) kept[type] = { ...kept[type], ...byId };
    },
  };
  const keys = tools.addTransactionCapability(store, log, { maxCommitRetries: 1, delayBetweenTriesMs: 0 });
  const repository = tools.DEFAULT_CONNECTION_CONFIG.makeSignalRepository(
    { creds, keys },
    log,
    async () => [],
  ) as Repository;
  let next = 1;

  return {
    identity: creds.signedIdentityKey,

    async bundle(jid) {
      const id = next++;
      const key = tools.Curve.generateKeyPair();
      await store.set({ 'pre-key': { [id]: key } });
      const { keyPair, keyId, signature } = creds.signedPreKey;
      return {
        tag: 'user',
        attrs: { jid },
        content: [
          leaf('registration', bytes(creds.registrationId, 4)),
          leaf('type', Buffer.from([5])),
          leaf('identity', creds.signedIdentityKey.public),
          { tag: 'key', attrs: {}, content: [leaf('id', bytes(id, 3)), leaf('value', key.public)] },
          {
            tag: 'skey',
            attrs: {},
            content: [leaf('id', bytes(keyId, 3)), leaf('value', keyPair.public), leaf('signature', signature)],
          },
        ],
      };
    },

    async read(type, ciphertext) {
      return tools.proto.Message.decode(unpadded(await repository.decryptMessage({ jid: sender, type, ciphertext })));
    },

    async readInGroup(group, msg) {
      return tools.proto.Message.decode(
        unpadded(await repository.decryptGroupMessage({ group, authorJid: sender, msg })),
      );
    },

    learn: (item) => repository.processSenderKeyDistributionMessage({ item, authorJid: sender }),
  };
}
