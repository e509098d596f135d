import { afterEach, expect, test } from 'vitest';
import { sql } from '#engine';
import { testDatabase } from '../../engine/warehouse/test-database.ts';
import type { Step } from '../send/channels/http/test-rough-provider.ts';
import { cloudStandIn } from '../send/channels/whatsapp-cloud/test-stand-in.ts';
import { freePort } from './test-phones.ts';
import { testProject } from './test-project.ts';
import { letTimePass } from './test-sends.ts';

let closing = new AsyncDisposableStack();
afterEach(async () => {
  await closing.disposeAsync();
  closing = new AsyncDisposableStack();
});

test('a report goes as a picture with its words and a PDF; killed in between, the second goes on and the first is not repeated', async () => {
  const port = await freePort();
  let watch: (step: Step) => void = () => {};
  const known = { token: 'T', appSecret: 'S', phoneNumberId: '106', webhook: `http://127.0.0.1:${port}/w/whatsapp` };
  const meta = closing.use(
    await cloudStandIn({ ...known, random: () => 0.5, at: (step) => watch(step), fate: () => ({ kind: 'read' }) }),
  );
  const state = closing.use(await testDatabase());
  const first = new Date(Date.now() - 2.5 * 3_600_000).toISOString().slice(0, 10);
  const keys = 'phone_number_id: "106", token: env:T, app_secret: env:S, verify_token: env:V';
  const project = closing.use(
    testProject(
      { WAREHOUSE_URL: state.url, STATE_URL: state.url, SMTP_URL: 'smtp://127.0.0.1:1', T: 'T', S: 'S', V: 'V' },
      {
        people: 1,
        formats: '[png, pdf]',
        deliver: `  - { id: phone, channel: whatsapp, to: { list: all }, attach: [png, pdf], caption: "{{ title }}: {{ headline.value }}" }\nstart: ${first}\n`,
        delivery: `  public_url: http://127.0.0.1:${port}\n  public_listen: 127.0.0.1:${port}\n`,
        channels: `    whatsapp: { kind: whatsapp-cloud, ${keys}, url: "${meta.url}" }\n`,
      },
    ),
  );
  expect((await project.run('engine', 'run')).code).toBe(0);

  // Killed when Meta has the picture and nobody has been told so.
  const killed = project.start('delivery', ['daemon']);
  watch = (step) => {
    if (step === 'taken') killed.process.kill('SIGKILL');
  };
  await killed.ended;
  watch = () => {};
  expect(meta.taken.map(({ body }) => body['type'])).toEqual(['image']);
  await letTimePass(state.database);

  const daemon = project.start('delivery', ['daemon']);
  const states = () =>
    state.database.query<{ state: string }>(sql`select state from delivery_local.parts order by place`);
  await expect.poll(states, { timeout: 60_000 }).toEqual([{ state: 'read' }, { state: 'read' }]);
  daemon.process.kill('SIGTERM');
  await daemon.ended;
  expect(meta.taken.map(({ body }) => body['type'])).toEqual(['image', 'document']);
  expect(meta.taken[0]?.body).toMatchObject({ image: { caption: expect.stringMatching(/^Daily sales: \S/) } });
  expect(meta.taken[1]?.body).toMatchObject({ document: { filename: expect.stringMatching(/\.pdf$/) } });
});
