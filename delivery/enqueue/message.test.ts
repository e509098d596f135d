import { expect, test } from 'vitest';
import { type MessageContent, type MessageFile, partsOf } from './message.ts';

function file(format: 'pdf' | 'xlsx' | 'png'): MessageFile {
  return { format, name: `Sales.${format}`, mediaType: 'x/y', sha256: format, bytes: 1 };
}
const content: MessageContent = {
  subject: 'Sales',
  text: 'Good morning',
  html: '<p>Good morning</p>',
  caption: 'Sales of Tuesday',
  attachments: [file('pdf'), file('xlsx')],
  inline: file('png'),
};
const message = {
  key: 'ab'.repeat(32),
  content,
  rungs: [
    { lane: 'whatsapp', address: '+919812345678', split: 'by-file' },
    { lane: 'email', address: 'asha@example.com', split: 'whole' },
  ],
} as const;

test('a channel that carries one file a call gets a part for each, the words with the first', () => {
  const parts = partsOf(message, 0);
  expect(parts.map((part) => [part.place, part.content.attachments[0]?.format, part.content.caption])).toEqual([
    [0, 'pdf', 'Sales of Tuesday'],
    [1, 'xlsx', ''],
    [2, 'png', ''],
  ]);
  expect(new Set(parts.map((part) => part.reference)).size).toBe(3);
});

test('a channel that carries all gets one part, and a ladder ends', () => {
  expect(partsOf(message, 1)).toMatchObject([{ lane: 'email', address: 'asha@example.com', rung: 1, content }]);
  expect(partsOf(message, 2)).toEqual([]);
  expect(partsOf({ ...message, content: { ...content, attachments: [] } }, 1)).toHaveLength(1);
});

test('on a rung with a limit larger files go in pieces, and what is too much for one mail in several', () => {
  const sized = (name: string, bytes: number): MessageFile => ({ ...file('xlsx'), name, bytes });
  const pieces = [sized('a1', 900), sized('a2', 800)];
  const attachments = [sized('small', 50), { ...sized('a', 1_700), pieces }, sized('b', 60)];
  const rungs = (split: 'whole' | 'by-file', limit: number) => [{ lane: 'x', address: 'y', split, limit }] as const;
  const of = (split: 'whole' | 'by-file', limit: number) =>
    partsOf({ ...message, content: { ...content, attachments }, rungs: rungs(split, limit) }, 0).map(
      (part) => part.content,
    );
  const names = (contents: readonly MessageContent[]) =>
    contents.map((one) => [...one.attachments, ...(one.inline ? [one.inline] : [])].map(({ name }) => name));

  expect(names(of('by-file', 1_000))).toEqual([['small'], ['a1'], ['a2'], ['b'], ['Sales.png']]);
  expect(names(of('by-file', 1_700))).toEqual([['small'], ['a'], ['b'], ['Sales.png']]);
  const mails = of('whole', 1_200);
  expect(names(mails)).toEqual([
    ['small', 'a1', 'Sales.png'],
    ['a2', 'b'],
  ]);
  expect(mails.map(({ subject, text, html }) => [subject, text, html])).toEqual([
    ['Sales (1/2)', 'Good morning', '<p>Good morning</p>'],
    ['Sales (2/2)', 'a2\nb', ''],
  ]);
  expect(of('whole', 100_000)).toEqual([{ ...content, attachments }]);
});
