import type { WireNode } from '../library.ts';
import type { Phone } from './phone.ts';

/** What the server knows of the world outside. */
export interface World {
  /** The account's number and the devices that are linked to it. */
  readonly account: string;
  devices(): readonly number[];
  /** Whether a number is on WhatsApp. */
  exists(digits: string): boolean;
  phone(digits: string): Phone;
  /** Groups that the account is in: name and members by id. */
  readonly groups: ReadonlyMap<string, { readonly subject: string; readonly members: readonly string[] }>;
  readonly mediaHost: string;
}

const node = (tag: string, attrs: WireNode['attrs'] = {}, content: readonly WireNode[] = []): WireNode => {
  return { tag, attrs, ...(content.length > 0 ? { content } : {}) };
};
export const childrenOf = (one: WireNode | undefined): readonly WireNode[] =>
  typeof one?.content === 'object' && !(one.content instanceof Uint8Array) ? one.content : [];
export const childOf = (one: WireNode | undefined, tag: string) => childrenOf(one).find((child) => child.tag === tag);
export const bytesOf = (one: WireNode | undefined): Uint8Array =>
  one?.content instanceof Uint8Array ? one.content : Buffer.from(typeof one?.content === 'string' ? one.content : '');

/** A person's second name on WhatsApp: one that does not tell the number. */
export const lidOf = (digits: string) => `${digits}7@lid`;
export const jidOf = (digits: string) => `${digits}@s.whatsapp.net`;
const digitsOf = (jid: string) => {
  const user = (jid.split('@')[0] ?? '').split(':')[0] ?? '';
  return jid.endsWith('@lid') ? user.slice(0, -1) : user;
};

/** Answers a question; what nobody here knows of is answered with nothing in it. */
export async function answerOf(asked: WireNode, world: World): Promise<WireNode> {
  const answer = (content: readonly WireNode[] = []) =>
    node('iq', { id: asked.attrs['id'] ?? '', type: 'result', from: asked.attrs['to'] ?? '' }, content);
  const [what] = childrenOf(asked);
  switch (`${asked.attrs['xmlns']} ${what?.tag}`) {
    case 'encrypt count':
      return answer([node('count', { value: '30' })]);
    case 'encrypt digest':
      return answer([node('digest')]);
    case 'encrypt key': {
      const users = childrenOf(what).map(({ attrs }) => attrs['jid'] ?? '');
      return answer([node('list', {}, await Promise.all(users.map((jid) => world.phone(digitsOf(jid)).bundle(jid))))]);
    }
    case 'usync usync':
      return answer([
        node('usync', {}, [
          node(
            'list',
            {},
            childrenOf(childOf(what, 'list')).map((user) => known(user, world)),
          ),
        ]),
      ]);
    case 'w:m media_conn':
      return answer([
        node('media_conn', { auth: 'auth', ttl: '3600', max_buckets: '1' }, [
          node('host', { hostname: world.mediaHost }),
        ]),
      ]);
    case 'w:g2 participating':
      return answer([
        node(
          'groups',
          {},
          [...world.groups.keys()].map((id) => groupOf(id, world)),
        ),
      ]);
    case 'w:g2 query':
      return answer([groupOf(asked.attrs['to'] ?? '', world)]);
    default:
      return answer();
  }
}

/** A user of a question, with all that could have been asked. */
function known(user: WireNode, world: World): WireNode {
  const phone = Buffer.from(bytesOf(childOf(user, 'contact'))).toString();
  const digits = phone === '' ? digitsOf(user.attrs['jid'] ?? '') : phone.replace('+', '');
  const there = world.exists(digits) || digits === world.account;
  const devices = digits === world.account ? [0, ...world.devices()] : [0];
  const list = devices.map((id) => node('device', { id: String(id), 'key-index': '1' }));
  return node('user', { jid: jidOf(digits) }, [
    node('contact', { type: there ? 'in' : 'out' }),
    ...(there ? [node('devices', {}, [node('device-list', {}, list)]), node('lid', { val: lidOf(digits) })] : []),
  ]);
}

function groupOf(id: string, { groups }: World): WireNode {
  const { subject = '', members = [] } = groups.get(id) ?? {};
  const participants = members.map((digits) => node('participant', { jid: jidOf(digits) }));
  return node('group', { id: id.split('@')[0] ?? '', subject, creation: '1', s_t: '1' }, participants);
}
