import type { Duplex } from 'node:stream';
import { type Backend, queryFrame } from './backend.ts';
import { copyFrom } from './copy.ts';
import type { Mishap, Mishaps } from './faults.ts';
import { statementsOf, tablesOf, tokensOf } from './lexer.ts';
import { rewrite } from './rewrite.ts';
import type { Seen } from './rule.ts';
import { readsCompute, rules } from './rules.ts';
import type { Bucket, SpecialTools } from './special.ts';
import { unloadTo } from './unload.ts';
import { type ErrorFields, errorFields, errorFrame, type Frame, frame, textsOf, zeroEnded } from './wire.ts';

/** What became of a statement, as the log tells it. */
export interface Logged {
  readonly statement: string;
  /** `misread`: PostgreSQL could not parse it, nor would Redshift. */
  readonly verdict: 'performed' | 'refused' | 'misread' | Mishap;
  /** Name of the rule that refused it. */
  readonly rule?: string;
}

export interface LineFacts {
  readonly mishaps: Mishaps;
  readonly bucket: Bucket | undefined;
  /** Numbers statements over all lines. */
  next(): number;
  log(entry: Logged): void;
}

/** A violation as Redshift tells it, under the state that says nothing. */
const violation: ErrorFields = {
  C: 'XX000',
  M: '1023',
  D: 'Serializable isolation violation on table - 108263, transactions forming the cycle are: 4221, 4223 (pid:12044)',
};

const isMisread = ({ C, M = '' }: ErrorFields): boolean => C === '42601' && !marker.test(M);

const marker = /tiffin_refuses_(\d+)/;

/**
 * Passes one logged-in client's messages to PostgreSQL and the answers back, until either line ends. A statement that is
 * refused goes on as a name that PostgreSQL cannot parse, and the answer to that is exchanged for Redshift's: so that
 * transactions, pipelines and skipped messages are PostgreSQL's own affair.
 */
export async function serve(
  client: Duplex,
  messages: AsyncGenerator<Frame>,
  backend: Backend,
  facts: LineFacts,
): Promise<void> {
  const refusals: ErrorFields[] = [];
  let status = 'I';
  let muted = false;
  let latest = '';
  let private_: { readonly frames: Frame[]; done(): void } | undefined;

  const cut = () => {
    client.destroy();
    backend.socket.destroy();
  };
  const refuse = (fields: ErrorFields): string => {
    refusals.push(fields);
    return `tiffin_refuses_${refusals.length - 1}`;
  };
  /** Performs statements of the stand-in's own on the client's session; nobody but the caller hears of it. */
  const aside = async (...buffers: readonly Buffer[]): Promise<Frame[]> => {
    const ended = Promise.withResolvers<void>();
    const frames: Frame[] = [];
    private_ = { frames, done: ended.resolve };
    for (const buffer of buffers) backend.socket.write(buffer);
    await ended.promise;
    return frames;
  };
  const judge = (text: string): { readonly text: string; readonly verb: string } => {
    latest = text;
    const tokens = tokensOf(text);
    const verb = tokens[0]?.value ?? '';
    const tables = tablesOf(tokens);
    const seen: Seen = {
      tokens,
      verb,
      tables,
      onCompute: readsCompute({ tokens, tables }),
      inTransaction: status === 'T',
    };
    const mishap = facts.mishaps({ text, inTransaction: status === 'T', number: facts.next() });
    if (mishap === 'cut-before') {
      facts.log({ statement: text, verdict: mishap });
      cut();
      return { text: '', verb };
    }
    if (mishap === 'cut-after') muted = true;
    for (const rule of rules) {
      const objection = rule.refuses(seen);
      if (!objection) continue;
      facts.log({ statement: text, verdict: 'refused', rule: rule.name });
      const { message: M, state: C, at } = objection;
      const place = at ? { P: String([...text.slice(0, at.from)].length + 1) } : {};
      return { text: refuse({ C, M, H: `Redshift, page "${rule.page}": ${rule.says}.`, ...place }), verb };
    }
    facts.log({ statement: text, verdict: mishap ?? 'performed' });
    return mishap === '1023' ? { text: refuse(violation), verb } : { text: rewrite(text), verb };
  };
  const reply = (...buffers: readonly Buffer[]) => {
    if (!muted) client.write(Buffer.concat(buffers));
    else cut();
  };

  const forwards = (async () => {
    for await (const { letter, body } of messages) {
      if (letter === 'X') break;
      if (letter === 'Q') {
        const judged = statementsOf(textsOf(body)[0] ?? '').map(judge);
        if (client.destroyed) break;
        const [only] = judged;
        if (only && judged.length === 1 && !marker.test(only.text) && specials.has(only.verb)) {
          const tools = { aside, bucket: facts.bucket, status: () => status };
          reply(...(await special(only.verb, only.text, tools)), frame('Z', Buffer.from(status)));
        } else backend.socket.write(queryFrame(judged.map(({ text }) => text).join(';')));
      } else if (letter === 'P') {
        const [name = '', text = ''] = textsOf(body);
        const types = body.subarray(Buffer.byteLength(name) + Buffer.byteLength(text) + 2);
        const judged = judge(text);
        if (client.destroyed) break;
        backend.socket.write(frame('P', Buffer.concat([zeroEnded(name, judged.text), types])));
      } else if (!backend.socket.write(frame(letter, body))) {
        await new Promise((resolve) => backend.socket.once('drain', resolve).once('close', resolve));
      }
    }
    backend.socket.end(frame('X'));
  })();

  for await (const { letter, body } of backend.frames) {
    if (letter === 'Z') status = body.toString('latin1');
    if (private_) {
      private_.frames.push({ letter, body });
      if (letter === 'Z' || letter === 'G') private_.done();
      if (letter === 'Z') private_ = undefined;
      continue;
    }
    if (muted) {
      if (letter === 'Z' || letter === 's') cut();
      continue;
    }
    if (letter === 'E' && isMisread(errorFields(body))) facts.log({ statement: latest, verdict: 'misread' });
    // What a server says of itself unasked is PostgreSQL's, not Redshift's.
    if (letter === 'S') continue;
    const answer = letter === 'E' ? errorFrame(asRedshiftSays(errorFields(body), refusals)) : frame(letter, body);
    if (!client.write(answer) && !client.destroyed) {
      await new Promise((resolve) => client.once('drain', resolve).once('close', resolve));
    }
  }
  client.end();
  await forwards;
}

/** An error of PostgreSQL in Redshift's words, where they differ. */
function asRedshiftSays(fields: ErrorFields, refusals: readonly ErrorFields[]): ErrorFields {
  const refused = marker.exec(fields['M'] ?? '')?.[1];
  if (refused !== undefined) return { S: 'ERROR', ...refusals[Number(refused)] };
  if (fields['C'] === '40001') return { S: 'ERROR', ...violation };
  return fields;
}

const specials = new Set(['copy', 'unload', 'truncate']);

async function special(verb: string, text: string, tools: SpecialTools): Promise<Buffer[]> {
  if (verb === 'copy') return copyFrom(text, tools);
  if (verb === 'unload') return unloadTo(text, tools);
  // "TRUNCATE commits the transaction in which it is run" (page TRUNCATE).
  const answers = await tools.aside(queryFrame(text));
  const error = answers.find(({ letter }) => letter === 'E');
  if (error) return [frame('E', error.body)];
  if (tools.status() === 'T') await tools.aside(queryFrame('commit'));
  return [frame('C', zeroEnded('TRUNCATE TABLE and COMMIT TRANSACTION'))];
}
