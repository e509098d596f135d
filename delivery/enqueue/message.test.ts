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
