import { expect, test } from 'vitest';
import { madeUpDocument, madeUpFacts, sampleReport } from '../compose/made-up.ts';
import { openScope } from '../compose/scope.ts';
import { composeText } from '../compose/words.ts';
import { renderMail } from './mail.ts';
import { elementsOf, readMarkup, wordsIn } from './markup-read.ts';

const document = await madeUpDocument({ names: ['A <b>& Sons</b>'] });
const text = composeText(
  'email.liquid',
  document,
  await sampleReport(),
  openScope(await sampleReport(), madeUpFacts).scope,
);

test('the mail begins with the headline, then the picture, and says all without it', () => {
  const page = readMarkup(renderMail(text, document, 'p1@tiffin'));
  const paragraphs = elementsOf(page, ({ tag }) => tag === 'p');
  expect(paragraphs[0] && wordsIn(paragraphs[0])).toMatch(/^Net sales: \$[\d,]+, /);
  const [picture] = elementsOf(page, ({ tag }) => tag === 'img');
  expect(picture?.attributes['src']).toBe('cid:p1@tiffin');
  expect(picture?.attributes['alt']).toMatch(/Daily sales/);
  expect(elementsOf(page, ({ tag }) => tag === 'caption').map(wordsIn)).toEqual(['What changed']);
  expect(elementsOf(readMarkup(renderMail(text, document, undefined)), ({ tag }) => tag === 'img')).toEqual([]);
});

test('nothing in it comes from elsewhere, and names stay text', () => {
  const page = renderMail(`${text}\n\n<script>`, document, 'p1');
  expect(page).not.toMatch(/<script|<link|@import|url\(|https?:/i);
});
