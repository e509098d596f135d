import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { freePort } from '../../cli/test-phones.ts';
import type { Channel, SendOutcome } from '../channel.ts';
import { mine, pdf, phonePart, phoneTools, png, soon } from './http/test-part.ts';
import { twilio } from './twilio/twilio.ts';
import { whatsappCloud } from './whatsapp-cloud/whatsapp-cloud.ts';

/*
 * `npm run test:prism`: every kind of request that we make, against Prism with the vendors' own OpenAPI descriptions. Prism
 * is 195 MB and is fetched from the package registry only for this; it says of each request whether the description has it.
 */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const specs = join(root, '../shared/specs');
const asked = process.env['TIFFIN_PRISM'] !== undefined;
const there = existsSync(specs);
if (asked && !there) process.stderr.write('prism: no descriptions beside the checkout, skipped\n');

const cache = join(root, 'node_modules/.cache/prism');
const prism = join(cache, 'node_modules/@stoplight/prism-cli/dist/index.js');
const running: ChildProcess[] = [];
const refused: string[] = [];

/** Prism with a description; what it refuses is kept. `amend` changes the description before. */
async function mock(file: string, amend = (text: string) => text): Promise<string> {
  const unpacked = join(cache, file.replace(/\.gz$/, ''));
  writeFileSync(unpacked, amend(gunzipSync(readFileSync(join(specs, file))).toString('utf8')));
  const port = await freePort();
  const child = spawn(process.execPath, [prism, 'mock', '-h', '127.0.0.1', '-p', String(port), unpacked]);
  running.push(child);
  const up = Promise.withResolvers<void>();
  const hear = (chunk: Buffer) => {
    const text = chunk.toString();
    if (text.includes('Prism is listening')) up.resolve();
    refused.push(...text.split('\n').filter((line) => /did not pass the validation/.test(line)));
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  once(child, 'close').then(() => up.reject(new Error('prism ended')));
  await up.promise;
  return `http://127.0.0.1:${port}`;
}

/** Meta's message reference has `biz_opaque_callback_data`; in the published description it is missing. */
function withCallbackData(text: string): string {
  const description = parse(text);
  const more = (at: unknown): void => {
    if (typeof at !== 'object' || at === null) return;
    const properties = (at as { properties?: Record<string, unknown> }).properties;
    if (properties?.['messaging_product'] && properties['recipient_type']) {
      properties['biz_opaque_callback_data'] = { type: 'string', maxLength: 512 };
    }
    for (const inner of Object.values(at)) more(inner);
  };
  more(description.components.schemas);
  return stringify(description);
}

/** Spells out OpenAPI's own default for arrays in forms, which Prism does not know (stoplightio/prism 2473). */
function withFormArrays(text: string): string {
  const description = JSON.parse(text);
  const { post } = description.paths['/2010-04-01/Accounts/{AccountSid}/Messages.json'];
  const form = post.requestBody.content['application/x-www-form-urlencoded'];
  form.encoding = { MediaUrl: { style: 'form', explode: true } };
  return JSON.stringify(description);
}

describe.skipIf(!asked || !there)("the vendors' own descriptions", () => {
  beforeAll(() => {
    if (existsSync(prism)) return;
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, 'package.json'), '{ "private": true }');
    const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '@stoplight/prism-cli@5.16.0'];
    const { status } = spawnSync('npm', words, { cwd: cache, stdio: 'inherit' });
    expect(status).toBe(0);
  });
  afterAll(() => {
    for (const child of running) child.kill();
  });
  const tools = phoneTools({ T: 'T', S: 'S', V: 'V' }, 'https://reports.example.com/w/phone');
  const plain = phonePart('plain', [pdf]);
  const parts = [
    phonePart('text', []),
    phonePart('picture', [png]),
    phonePart('document', [pdf]),
    { ...plain, content: { ...plain.content, caption: '' } },
  ];
  const sendAll = async (channel: Channel) => {
    const outcomes: SendOutcome[] = [];
    for (const part of parts) outcomes.push(await channel.send(part, mine, soon()));
    return outcomes.map((outcome) => ('reason' in outcome ? `${outcome.kind}: ${outcome.reason}` : outcome.kind));
  };
  const allAccepted = parts.map(() => 'accepted');

  const meta = 'meta-business-messaging-api_v23.0.yaml.gz';
  const sendByMeta = async (url: string, more: object) => {
    const known = { phone_number_id: '106540352242922', token: 'env:T', app_secret: 'env:S', verify_token: 'env:V' };
    const given = { ...known, url, timeout: '20s', ...more };
    return sendAll(whatsappCloud.open('whatsapp', whatsappCloud.settings.parse(given), tools));
  };
  const template = { name: 'daily', language: 'en_US', body: ['recipient', 'caption', 'reference'] };
  const templates = { text: template, image: template, document: template };

  test('Meta, as it stands: media, texts, pictures, documents, templates', async () => {
    const url = await mock(meta);
    expect(await sendByMeta(url, { callback_data: false })).toEqual(allAccepted);
    expect(await sendByMeta(url, { callback_data: false, templates })).toEqual(allAccepted);
    expect(refused).toEqual([]);
  });

  test('Meta, with the one field that its reference has of messages and its description has of calls alone', async () => {
    const url = await mock(meta, withCallbackData);
    expect(await sendByMeta(url, {})).toEqual(allAccepted);
    expect(await sendByMeta(url, { templates })).toEqual(allAccepted);
    expect(refused).toEqual([]);
  });

  test('Twilio: by WhatsApp, RCS and SMS, templates, the list', async () => {
    const url = await mock('twilio_api_v2010.json.gz', withFormArrays);
    const account = `AC${'0'.repeat(32)}`;
    const given = { account, token: 'env:T', url, timeout: '20s' };
    const open = (more: object) => twilio.open('t', twilio.settings.parse({ ...given, ...more }), tools);
    const service = `MG${'0'.repeat(32)}`;
    for (const by of ['whatsapp', 'rcs', 'sms'] as const) {
      expect(await sendAll(open({ by, from: '+15005550006' }))).toEqual(allAccepted);
      expect(await sendAll(open({ by, service }))).toEqual(allAccepted);
    }
    const content = { sid: `HX${'0'.repeat(32)}`, variables: { 1: 'caption', 2: 'file_path', 3: 'reference' } };
    const filled = open({
      by: 'whatsapp',
      service,
      templates: { text: content, image: content, document: content },
    });
    expect(await sendAll(filled)).toEqual(allAccepted);
    const attempt = { id: '1', number: 1, startedAt: new Date() };
    expect((await filled.find?.(phonePart('text', []), attempt, AbortSignal.timeout(60_000)))?.kind).toBe('unknown');
    expect(await filled.collect?.(undefined, AbortSignal.timeout(60_000))).toMatchObject({ more: false });
    expect(refused).toEqual([]);
  });
});
