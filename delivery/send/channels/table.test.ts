import { expect, test } from 'vitest';
import { Fault, messageOf } from '#engine';
import { parseSettings } from '../../config/settings.ts';
import { configureChannels } from './table.ts';

function problemsOf(channels: string, more = ''): string[] {
  const read = parseSettings(`name: shop\ndelivery:\n${more}  channels:\n${channels}`);
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join());
  try {
    configureChannels({ ...read.settings, placeOf: read.placeOf });
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw new Error(messageOf(error));
    return error.problems.map(({ file, line, message, hint }) => `${file}:${line} ${message} ${hint ?? ''}`.trim());
  }
}

test('all that is wrong with the channels is said, each at its line, with the nearest word', () => {
  expect(
    problemsOf(`    chat: { kind: whatsap-cloud }
    sms:
      kind: twilio
      by: sms
      acount: AC1
      token: a literal secret
`),
  ).toEqual([
    'project.yml:4 delivery.channels.chat: there is no channel of kind "whatsap-cloud" Did you mean "whatsapp-cloud"?',
    'project.yml:6 missing key "delivery.channels.sms.account"',
    'project.yml:9 delivery.channels.sms.token: a secret in plain text: write env:NAME instead',
    'project.yml:8 delivery.channels.sms: unknown key "acount" Did you mean "account"?',
  ]);
});

test('a channel that is told what became of its messages needs a public URL', () => {
  const rcs = '    rcs: { agent: shop, credentials: env:KEY, webhook_token: env:TOKEN }\n';
  expect(problemsOf(rcs)).toEqual([
    'project.yml:4 delivery.channels.rcs needs public_url Set delivery.public_url to where the world reaches public_listen; docs/phones.md says how.',
  ]);
  expect(problemsOf(rcs, '  public_url: https://reports.example.com\n')).toEqual([]);
  expect(problemsOf('    sms: { kind: twilio, by: sms, account: AC1, token: env:TOKEN, from: "+1" }\n')).toEqual([]);
  expect(problemsOf('    sms: { kind: twilio, by: sms, account: AC1, token: env:TOKEN }\n')).toEqual([
    'project.yml:4 delivery.channels.sms: write either from or service',
  ]);
});
