/** What a command's file says of its use. */
export interface Help {
  /** What stands behind the command's name, and one line for each option. */
  readonly usage: string;
  /** Calls that people make, without the program's name. */
  readonly examples?: readonly string[];
  /** What its exit codes mean, where they are not the usual ones. */
  readonly exits?: Readonly<Record<number, string>>;
}

/** What `COMMAND --help` tells: how it is called, its options, examples, and what its exit codes mean. */
export function helpText(name: string, summary: string, { usage, examples = [], exits = {} }: Help): string {
  const [call = '', ...rest] = usage.split('\n');
  const codes = Object.entries({ ...usualExits, ...exits }).map(
    ([code, meaning]) => `  ${code.padEnd(13)}  ${meaning}`,
  );
  return [
    `${name} ${call}`.trimEnd(),
    ...(rest.length > 0 ? rest : ['', summary]),
    ...(rest.at(-1)?.startsWith('  ') ? [] : ['']),
    '  --json         one JSON value on standard output, and nothing else there',
    ...(examples.length > 0 ? ['', 'Examples:', ...examples.map((line) => `  ${name.split(' ')[0]} ${line}`)] : []),
    '',
    'Exit codes:',
    ...codes,
    '',
  ].join('\n');
}

const usualExits: Readonly<Record<string, string>> = {
  0: 'done, warnings included',
  1: 'something failed: what, where and what to do is said',
  2: 'wrong usage, or an invalid project; nothing was done',
  130: 'interrupted: nothing half-done stays',
};
