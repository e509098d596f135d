import { isAt, type Token, tokensOf } from './lexer.ts';

/** The schema in PostgreSQL that holds what Redshift has and PostgreSQL has not. */
export const homeSchema = 'redshift_stand_in';

/** A stretch of the statement and what takes its place. */
interface Edit {
  readonly from: number;
  readonly until: number;
  readonly text: string;
}

/**
 * What Redshift takes and PostgreSQL does not, in PostgreSQL's words. Line breaks stay where they are, and what is left
 * out leaves its length in spaces, so that most places of errors stay true. Pure.
 */
export function rewrite(text: string): string {
  const tokens = tokensOf(text);
  const verb = tokens[0]?.value ?? '';
  const view = lateView(text, tokens);
  if (view !== undefined) return view;
  if (verb === 'begin' || (verb === 'start' && isAt(tokens, 1, 'transaction'))) return begin(tokens);
  const edits = [
    ...tokens.flatMap((token, index) => everywhere(text, tokens, token, index)),
    ...(verb === 'create' || verb === 'alter' ? tokens.flatMap((_, index) => inDefinitions(tokens, index)) : []),
    ...(verb === 'set' ? settings(tokens) : []),
    ...(verb === 'analyze' ? predicateColumns(tokens) : []),
    ...(verb === 'grant' || verb === 'revoke' ? grantees(tokens) : []),
  ];
  return apply(text, edits);
}

/** Every transaction reads one moment: "READ COMMITTED and REPEATABLE READ map to SERIALIZABLE" (page BEGIN). */
function begin(tokens: readonly Token[]): string {
  const readOnly = tokens.some((_, index) => isAt(tokens, index, 'read', 'only'));
  return `begin isolation level repeatable read${readOnly ? ' read only' : ''}`;
}

function everywhere(text: string, tokens: readonly Token[], token: Token, index: number): Edit[] {
  const put = (replacement: string, until = token.until): Edit[] => [{ from: token.from, until, text: replacement }];
  if (token.kind !== 'word' || tokens[index - 1]?.value === '.') return [];
  switch (token.value) {
    case 'sysdate':
      return put(`${homeSchema}.sysdate()`);
    case 'version':
      return isAt(tokens, index + 1, '(', ')') ? put(`${homeSchema}.version`) : [];
    case 'minus':
      return put('except');
    case 'try_cast':
      return tryCast(text, tokens, index);
    case 'numeric':
    case 'decimal':
      // Without a precision it is numeric(18,0): page "Numeric types".
      return isType(tokens, index) && !isAt(tokens, index + 1, '(') ? put('numeric(18,0)') : [];
    case 'set_config':
      return isAt(tokens, index + 1, '(') ? queryGroup(text, tokens[index + 2]) : [];
    case 'varchar':
      if (isAt(tokens, index + 1, '(', 'max', ')')) return put('varchar(65535)', tokens[index + 3]?.until);
      return [];
    default:
      return [];
  }
}

/** The label of queries is PostgreSQL's name of the application. */
function queryGroup(text: string, name: Token | undefined): Edit[] {
  const asked = name && text.slice(name.from, name.until) === "'query_group'";
  return asked ? [{ from: name.from, until: name.until, text: "'application_name'" }] : [];
}

/** Whether a word stands where a type does: after `::`, after AS in a cast, or after a column's name in a definition. */
function isType(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  if (before?.value === '::') return true;
  if (before?.value === 'as') return (tokens[index]?.depth ?? 0) > 0 && isAt(tokens, index + 1, ')');
  const defines = tokens[0]?.value === 'create' || tokens[0]?.value === 'alter';
  return defines && (before?.kind === 'name' || before?.kind === 'word') && before.value !== '.';
}

/** `try_cast(x as t)`: null where x cannot be read as t. */
function tryCast(text: string, tokens: readonly Token[], index: number): Edit[] {
  const open = tokens[index + 1];
  if (open?.value !== '(') return [];
  const close = tokens.findIndex((token, at) => at > index && token.value === ')' && token.depth === open.depth);
  const as = tokens.findIndex((token, at) => at > index && token.value === 'as' && token.depth === open.depth + 1);
  if (close < 0 || as < 0 || as > close) return [];
  const value = text.slice(open.until, tokens[as]?.from).trim();
  const type = text.slice(tokens[as]?.until, tokens[close]?.from).trim();
  const written = `case when pg_input_is_valid((${value})::text, '${type}') then (${value})::text::${type} end`;
  return [{ from: tokens[index]?.from ?? 0, until: tokens[close]?.until ?? 0, text: `(${written})` }];
}

/** Where rows lie and how they are packed is nothing to PostgreSQL. */
function inDefinitions(tokens: readonly Token[], index: number): Edit[] {
  const at = (...values: string[]) => isAt(tokens, index, ...values);
  const token = tokens[index];
  if (token?.kind !== 'word' || tokens[index - 1]?.value === '.') return [];
  const drop = (count: number): Edit[] => {
    const last = tokens[index + count - 1] ?? token;
    return [{ from: token.from, until: last.until, text: ' '.repeat(last.until - token.from) }];
  };
  const withList = (count: number): Edit[] => {
    if (tokens[index + count]?.value !== '(') return drop(count);
    const depth = tokens[index + count]?.depth;
    const close = tokens.findIndex((one, place) => place > index + count && one.value === ')' && one.depth === depth);
    return drop(close - index + 1);
  };
  if (at('diststyle')) return drop(2);
  if (at('distkey')) return withList(1);
  if (at('compound', 'sortkey') || at('interleaved', 'sortkey')) return withList(2);
  if (at('sortkey', 'auto')) return drop(2);
  if (at('sortkey') && !['compound', 'interleaved'].includes(tokens[index - 1]?.value ?? '')) return withList(1);
  if (at('encode')) return drop(2);
  if (at('backup', 'yes') || at('backup', 'no')) return drop(2);
  if (at('identity', '('))
    return [
      { from: token.from, until: tokens[index + 5]?.until ?? token.until, text: 'generated by default as identity' },
    ];
  // TEXT is VARCHAR(256), and so is a VARCHAR that names no size: page "Character types".
  const sizeless = at('text') || (at('varchar') && !isAt(tokens, index + 1, '('));
  if (sizeless && isType(tokens, index)) return [{ from: token.from, until: token.until, text: 'varchar(256)' }];
  return [];
}

/** The label of a session's statements, kept where other sessions can see it. */
function settings(tokens: readonly Token[]): Edit[] {
  const token = tokens.find(({ value }) => value === 'query_group');
  return token ? [{ from: token.from, until: token.until, text: 'application_name' }] : [];
}

/** ANALYZE t PREDICATE COLUMNS: of the columns that queries have looked for. */
function predicateColumns(tokens: readonly Token[]): Edit[] {
  const at = tokens.findIndex((_, index) => isAt(tokens, index, 'predicate', 'columns'));
  return at < 0 ? [] : [{ from: tokens[at]?.from ?? 0, until: tokens[at + 1]?.until ?? 0, text: '' }];
}

/** GRANT ... TO ROLE r: PostgreSQL says no more than r. */
function grantees(tokens: readonly Token[]): Edit[] {
  return tokens.flatMap((token, index) =>
    token.value === 'role' && ['to', 'from', ','].includes(tokens[index - 1]?.value ?? '')
      ? [{ from: token.from, until: token.until, text: '    ' }]
      : [],
  );
}

/** A view that is bound to nothing: a function holds its query as text, and PostgreSQL reads it at each use. */
function lateView(text: string, tokens: readonly Token[]): string | undefined {
  const tail = tokens.findIndex((_, index) => isAt(tokens, index, 'with', 'no', 'schema', 'binding'));
  const start = tokens.findIndex((_, index) => isAt(tokens, index, 'view'));
  if (tokens[0]?.value !== 'create' || tail < 0 || start < 0) return undefined;
  const replace = isAt(tokens, 1, 'or', 'replace');
  const dotted = isAt(tokens, start + 2, '.');
  const schema = dotted ? (tokens[start + 1]?.value ?? '') : 'public';
  const name = tokens[start + (dotted ? 3 : 1)]?.value ?? '';
  const as = tokens.findIndex((token, index) => index > start && token.value === 'as' && token.depth === 0);
  const query = rewrite(text.slice(tokens[as]?.until, tokens[tail]?.from));
  const quoted = [schema, name, query].map((one) => `'${one.replaceAll("'", "''")}'`).join(', ');
  return `do ${dollar(`begin perform ${homeSchema}.create_late_view(${quoted}, ${replace}); end`)}`;
}

const dollar = (body: string): string => `$stand_in$${body}$stand_in$`;

function apply(text: string, edits: readonly Edit[]): string {
  let done = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.from - b.from)) {
    if (edit.from < at) continue;
    done += text.slice(at, edit.from) + edit.text;
    at = edit.until;
  }
  return done + text.slice(at);
}
