import type { Paragraph, Span } from './document.ts';

/**
 * The Markdown that letters need: paragraphs parted by an empty line, `# headings`, `- items`, **strong** words, and a
 * backslash at the end of a line that breaks it. All else is text, so that nothing in a name can become markup.
 */
export function readMarkdown(text: string): readonly Paragraph[] {
  return text.split(/\n\s*\n/).flatMap((part) => {
    const lines = part.split('\n').map((line) => line.trim());
    if (lines.every((line) => /^- /.test(line) || line === '') && part.trim() !== '')
      return lines.filter((line) => line !== '').map((line) => paragraph('item', line.slice(2)));
    const words = lines.join('\n').trim();
    if (words === '') return [];
    const heading = /^#+\s+/.exec(words);
    return [heading ? paragraph('heading', words.slice(heading[0].length)) : paragraph('paragraph', words)];
  });
}

function paragraph(kind: Paragraph['kind'], words: string): Paragraph {
  // A line break that is meant; all others are the editor's.
  const text = words
    .replace(/\\\n/g, '\u2028')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\s*\u2028\s*/g, '\n');
  const spans = text
    .split(/\*\*(.+?)\*\*/s)
    .flatMap((part, at): Span[] => (part === '' ? [] : [{ text: part, strong: at % 2 === 1 }]));
  const plain = spans.map((span) => span.text).join('');
  return spans.some(({ strong }) => strong) ? { kind, text: plain, spans } : { kind, text: plain };
}
