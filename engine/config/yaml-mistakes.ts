import { type Document, isScalar, visit, type YAMLParseError } from 'yaml';

/** A mistake in YAML as a person would say it, at the place to look at. */
interface Mistake {
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

/** The usual slips; what is none of them is said in the parser's own words. */
export function inPlainWords({ code, message, pos: [offset] }: YAMLParseError, document: Document): Mistake {
  switch (code) {
    case 'TAB_AS_INDENT':
      return { offset, message: 'a tab before the key', hint: 'YAML is indented by spaces alone.' };
    case 'DUPLICATE_KEY':
      return { offset, message: 'this key is there already', hint: 'Keep one of the two.' };
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { offset, message, hint: 'Is a colon missing after a key, or are the spaces before it too many?' };
    case 'MISSING_CHAR': {
      const quote = /quote/.test(message) ? lastQuoted(document) : undefined;
      return quote === undefined ? { offset, message } : { offset: quote, message: 'this quote is never closed' };
    }
    default:
      return { offset, message };
  }
}

/** Where the last text in quotes begins: one that is not closed swallows all that follows. */
function lastQuoted(document: Document): number | undefined {
  let last: number | undefined;
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && node.range && /^QUOTE/.test(node.type ?? '')) last = node.range[0];
    },
  });
  return last;
}
