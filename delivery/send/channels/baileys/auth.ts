import { Fault } from '#engine';
import type { SessionChange, SessionStore } from '../../sessions.ts';
import type { AuthState, Baileys, Credentials, SignalValues } from './library.ts';
import type { Seal } from './seal.ts';

/** A device's keys in the session's store. */
export interface DeviceKeys {
  /** Its own, or fresh ones for a device that is yet to be linked. `save` keeps the credentials as Baileys has changed them. */
  load(owner: string): Promise<AuthState & { readonly save: () => Promise<void> }>;
  /** Whether a phone has linked it. */
  linked(): Promise<boolean>;
}

/** Keeps a device's keys sealed, each change whole or not at all, and only while the owner holds the session. */
export function deviceKeys(library: Baileys, store: SessionStore, seal: Seal, lane: string): DeviceKeys {
  const { replacer, reviver } = library.BufferJSON;
  const place = (kind: string, id: string) => `${lane}/${kind}/${id}`;
  const open = (kind: string, id: string, value: string): unknown =>
    JSON.parse(seal.open(value, place(kind, id)), reviver);
  const change = (kind: string, id: string, value: unknown): SessionChange => {
    if (value === null || value === undefined) return { kind, id };
    return { kind, id, value: seal.close(JSON.stringify(value, replacer), place(kind, id)) };
  };
  const readCredentials = async () => {
    const value = (await store.read('creds', [''])).get('');
    return value === undefined ? undefined : (open('creds', '', value) as Credentials);
  };

  return {
    async load(owner) {
      const write = async (changes: readonly SessionChange[]) => {
        if (!(await store.write(owner, changes))) throw new Fault('lost', 'another process has taken the session over');
      };
      const creds = (await readCredentials()) ?? library.initAuthCreds();
      // One after the other, so that an older state never overwrites a newer one.
      let saving: Promise<void> = Promise.resolve();
      return {
        creds,
        keys: {
          async get(type, ids) {
            const found = await store.read(keyKind(type), ids);
            return Object.fromEntries(
              [...found].map(([id, value]) => {
                const read = open(keyKind(type), id, value);
                return [
                  id,
                  type === 'app-state-sync-key' ? library.proto.Message.AppStateSyncKeyData.fromObject(read) : read,
                ];
              }),
            );
          },
          set: (values: SignalValues) =>
            write(
              Object.entries(values).flatMap(([type, byId]) =>
                Object.entries(byId).map(([id, value]) => change(keyKind(type), id, value)),
              ),
            ),
        },
        save() {
          const all = change('creds', '', creds);
          saving = saving.catch(() => {}).then(() => write([all]));
          return saving;
        },
      };
    },

    async linked() {
      return (await readCredentials())?.account !== undefined;
    },
  };
}

const keyKind = (type: string) => `key:${type}`;
