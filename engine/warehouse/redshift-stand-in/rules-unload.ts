import { find, type Token, tokensOf } from './lexer.ts';
import { type Rule, unsupported } from './rule.ts';

/** Refusals of UNLOAD. */
export const unloadRules: readonly Rule[] = [
  {
    name: 'unload-limit',
    page: 'UNLOAD',
    says: 'no LIMIT in the outer SELECT, no TOP',
    example: "unload ('select a from s.t limit 10') to 's3://b/k' iam_role 'arn' csv",
    refuses: ({ tokens, verb }) =>
      verb === 'unload' && outerOf(tokens[2]).some(({ kind, value }) => kind === 'word' && /^(limit|top)$/.test(value))
        ? unsupported('Limit clause is not supported', tokens[2])
        : undefined,
  },
  {
    name: 'unload-csv-options',
    page: 'UNLOAD',
    says: 'CSV goes with neither ESCAPE, FIXEDWIDTH nor ADDQUOTES',
    example: "unload ('select a from s.t') to 's3://b/k' iam_role 'arn' csv escape",
    refuses({ tokens, verb }) {
      if (verb !== 'unload' || !find(tokens, 'csv')) return undefined;
      const word = ['escape', 'fixedwidth', 'addquotes'].find((option) => find(tokens, option));
      return word === undefined
        ? undefined
        : unsupported(`${word.toUpperCase()} is not supported for UNLOAD to CSV`, find(tokens, word));
    },
  },
];

/** The tokens of the query in a literal that stand in no parentheses. */
function outerOf(literal: Token | undefined): Token[] {
  if (literal?.kind !== 'text') return [];
  return tokensOf(literal.value.slice(1, -1).replaceAll("''", "'")).filter(({ depth }) => depth === 0);
}
