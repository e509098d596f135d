import { didYouMean } from '#engine';

/** A figure as report.yml writes it: `sum(stores.amount)`, `growth(sum(a.x), sum(a.y))`, `count(stores)`. */
export type Expression =
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Expression[] }
  | { readonly kind: 'column'; readonly dataset: string; readonly column: string }
  | { readonly kind: 'rows'; readonly dataset: string };

type Parameter = 'column' | 'column or rows' | 'figure';

/** What may be called, and with what. */
const signatures = {
  /** Exact sum; unknown cells are left out, no known cell gives null. */
  sum: ['column'],
  min: ['column'],
  max: ['column'],
  /** Of rows all, of a column the cells that are neither null nor zero. */
  count: ['column or rows'],
  /** The column's cell in the first or last row. */
  first: ['column'],
  last: ['column'],
  /** The first column's cell in the row where the second is largest or smallest. */
  most: ['column', 'column'],
  least: ['column', 'column'],
  /** (a - b) / b * 100, four decimals; null where b is null or zero. */
  growth: ['figure', 'figure'],
} as const satisfies Record<string, readonly Parameter[]>;

export type FunctionName = keyof typeof signatures;

export type ParsedExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly message: string; readonly hint?: string };

const token = /\s*([a-z_][a-z0-9_]*|[().,])/giy;

/** Parses an expression and checks names and arguments of functions. Datasets are checked by whoever knows them. */
export function parseExpression(text: string): ParsedExpression {
  const words =
    text
      .trim()
      .match(new RegExp(token.source, 'gi'))
      ?.map((word) => word.trim()) ?? [];
  if (words.join('') !== text.replace(/\s+/g, '')) return wrong(text, 'has a sign that no figure has');
  let next = 0;
  const take = (word: string) => words[next] === word && next++ >= 0;

  const readFigure = (): Expression | ParsedExpression => {
    const name = words[next++];
    if (name === undefined || !/^\w+$/.test(name)) return wrong(text, `expects a name${name ? `, not "${name}"` : ''}`);
    if (take('.')) {
      const column = words[next++];
      if (column === undefined || !/^\w+$/.test(column)) return wrong(text, `expects a column after "${name}."`);
      return { kind: 'column', dataset: name, column };
    }
    if (!take('(')) return { kind: 'rows', dataset: name };
    const args: Expression[] = [];
    do {
      const arg = readFigure();
      if ('ok' in arg) return arg;
      args.push(arg);
    } while (take(','));
    if (!take(')')) return wrong(text, `lacks ")" after ${name}(...`);
    return checkedCall(text, name, args);
  };

  const figure = readFigure();
  if ('ok' in figure) return figure;
  if (next < words.length) return wrong(text, `goes on after its end: "${words.slice(next).join('')}"`);
  if (figure.kind !== 'call') return wrong(text, 'is no figure', 'Write sum(...), first(...), count(...) around it.');
  return { ok: true, expression: figure };
}

function checkedCall(text: string, name: string, args: readonly Expression[]): Expression | ParsedExpression {
  if (!isFunctionName(name))
    return wrong(text, `calls "${name}", which there is not`, didYouMean(name, Object.keys(signatures)));
  const parameters: readonly Parameter[] = signatures[name];
  const example = `${name}(${parameters.map((one) => (one === 'figure' ? 'sum(data.column)' : 'data.column')).join(', ')})`;
  const fits = args.length === parameters.length && args.every((arg, index) => accepts(parameters[index], arg));
  return fits ? { kind: 'call', name, args } : wrong(text, `gives ${name} what it cannot take`, `Write ${example}.`);
}

function accepts(parameter: Parameter | undefined, arg: Expression): boolean {
  if (parameter === 'figure') return arg.kind === 'call';
  if (parameter === 'column or rows') return arg.kind !== 'call';
  return arg.kind === 'column';
}

const isFunctionName = (name: string): name is FunctionName => Object.hasOwn(signatures, name);

function wrong(text: string, message: string, hint?: string): ParsedExpression {
  return { ok: false, message: `"${text}" ${message}`, ...(hint ? { hint } : {}) };
}

/** The datasets an expression reads. */
export function datasetsOf(expression: Expression): readonly string[] {
  return expression.kind === 'call' ? expression.args.flatMap(datasetsOf) : [expression.dataset];
}
