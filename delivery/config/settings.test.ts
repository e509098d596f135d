import { expect, test } from 'vitest';
import { resolveSetting } from './secret.ts';
import { channelSections, parseSettings } from './settings.ts';

function problemsOf(text: string): string[] {
  const read = parseSettings(text);
  return read.ok ? [] : read.problems.map((p) => `${p.line} ${p.code} ${p.message} ${p.hint ?? ''}`.trim());
}

test('a project without a delivery section has the defaults', () => {
  const read = parseSettings('name: retail\n');
  expect(read.ok && read.settings).toEqual({
    files: { type: 'folder', path: 'var/files' },
    recipients: 'reports/recipients.yml',
    restated: '35d',
    public_listen: '127.0.0.1:8480',
    test_domains: [],
    channels: {},
  });
});

test('a channel is of the kind it is named after, unless it says otherwise', () => {
  const read = parseSettings(
    'name: retail\ndelivery:\n  channels:\n    email: { url: env:SMTP_URL }\n    office: { kind: file-drop, path: out }\n',
  );
  if (!read.ok) throw new Error('not read');
  expect(channelSections(read.settings)).toEqual([
    { name: 'email', kind: 'email', settings: { url: 'env:SMTP_URL' } },
    { name: 'office', kind: 'file-drop', settings: { path: 'out' } },
  ]);
});

test('mistakes are named where they stand', () => {
  expect(problemsOf('name: retail\ndelivery:\n  chanels: {}\n')).toEqual([
    '3 unknown-key unknown key "chanels" in delivery Did you mean "channels"?',
  ]);
  expect(problemsOf('delivery:\n  public_url: https://me:secret@example.com\n')).toEqual([
    '2 invalid-value delivery.public_url: a password in plain text: write env:NAME instead',
  ]);
});

test('a secret comes from the environment and is never shown', () => {
  expect(resolveSetting('env:SMTP_URL', 'channels.email.url', { SMTP_URL: 'smtp://a' })).toBe('smtp://a');
  expect(resolveSetting('smtp://b', 'channels.email.url', {})).toBe('smtp://b');
  expect(() => resolveSetting('env:SMTP_URL', 'channels.email.url', {})).toThrow(/SMTP_URL is not set/);
});
