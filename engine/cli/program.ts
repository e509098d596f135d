import { type ParseArgsConfig, parseArgs } from 'node:util';
import { didYouMean } from '../config/nearest.ts';
import { exitCodeOf, Fault, messageOf, showFault } from '../fault.ts';
import { type Help, helpText } from './help.ts';

export type Options = NonNullable<ParseArgsConfig['options']>;
export type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** One command as it was called. */
export interface Call {
  readonly values: Values;
  readonly positionals: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C or a termination signal. */
  readonly signal: AbortSignal;
  readonly json: boolean;
  /** A line of the answer, on standard output; silent under `--json`. */
  print(line: string): void;
  /** A line about the work, on standard error. */
  note(line: string): void;
  /** The answer under `--json`: one value. */
  answer(value: unknown): void;
}

/** A command's file: how it is called and what it does. Returns its exit code. */
export interface Command extends Help {
  readonly options: Options;
  /** How many words beside options it takes, at most. */
  readonly positionals?: number;
  run(call: Call): Promise<number>;
}

/** A command's name, a summary for `--help`, and how to load its file: no command loads another's libraries. */
export interface Entry {
  readonly summary: string;
  load(): Promise<Command>;
}

export interface Program {
  readonly name: string;
  readonly summary: string;
  readonly commands: Readonly<Record<string, Entry>>;
  /** What people look for here though it stands elsewhere, and how it is called there. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

const always: Options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } };

/**
 * Runs one command line and returns its exit code: 0 done, 1 failed, 2 wrong usage or an invalid project, 3 something
 * waits, 130 interrupted. Never throws.
 */
export async function runProgram(program: Program, argv: readonly string[]): Promise<number> {
  // A reader that has seen enough (head, less) is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  const abort = new AbortController();
  const stop = () => abort.abort(new Fault('failed', 'interrupted'));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const json = argv.includes('--json');
  try {
    return await dispatch(program, argv, json, abort.signal);
  } catch (error) {
    if (abort.signal.aborted) {
      process.stderr.write('interrupted: nothing half-done stays\n');
      return 130;
    }
    if (json) process.stdout.write(`${JSON.stringify({ ok: false, error: errorValue(error) })}\n`);
    else process.stderr.write(`${showFault(error, `${program.name}: `)}\n`);
    return exitCodeOf(error);
  } finally {
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
  }
}

async function dispatch(
  program: Program,
  argv: readonly string[],
  json: boolean,
  signal: AbortSignal,
): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(overview(program));
    return name === undefined ? 2 : 0;
  }
  const entry = Object.hasOwn(program.commands, name) ? program.commands[name] : undefined;
  if (!entry) throw usageFault(`${program.name} has no command "${name}"`, hintFor(name, program));
  const command = await entry.load();
  const { values, positionals } = parse(command, rest, `${program.name} ${name}`);
  if (values['help']) {
    process.stdout.write(helpText(`${program.name} ${name}`, entry.summary, command));
    return 0;
  }
  return command.run({
    values,
    positionals,
    environment: process.env,
    signal,
    json,
    print: (line) => void (json || process.stdout.write(`${line}\n`)),
    note: (line) => void process.stderr.write(`${line}\n`),
    answer: (value) => void (json && process.stdout.write(`${JSON.stringify(value)}\n`)),
  });
}

function parse(command: Command, argv: string[], name: string): { values: Values; positionals: string[] } {
  const options = { ...always, ...command.options };
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true, strict: true });
    const most = command.positionals ?? 0;
    if (positionals.length > most) {
      throw usageFault(
        `${name}: "${positionals[most]}" is one word too many`,
        `Usage: ${name} ${firstLine(command.usage)}`,
      );
    }
    return { values, positionals };
  } catch (error) {
    if (error instanceof Fault) throw error;
    const unknown = /Unknown option '(-[^']+)'/.exec(messageOf(error))?.[1];
    const flags = Object.keys(options).map((option) => `--${option}`);
    if (unknown) throw usageFault(`${name} has no option "${unknown}"`, didYouMean(unknown, flags));
    throw usageFault(`${name}: ${messageOf(error)}`, `Usage: ${name} ${firstLine(command.usage)}`);
  }
}

function hintFor(name: string, { commands, elsewhere = {} }: Program): string | undefined {
  const other = Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
  return other === undefined ? didYouMean(name, Object.keys(commands)) : `It is "${other}".`;
}

const firstLine = (text: string) => text.split('\n')[0] ?? '';

function usageFault(message: string, hint: string | undefined): Fault {
  return new Fault('invalid', message, hint ? { hint } : {});
}

function overview(program: Program): string {
  const width = Math.max(...Object.keys(program.commands).map((name) => name.length));
  const lines = Object.entries(program.commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `${program.summary}\n\n${lines.join('\n')}\n\n${program.name} COMMAND --help tells more. Every command takes --json.\n`;
}

function errorValue(error: unknown): object {
  if (!(error instanceof Fault)) return { code: 'bug', message: messageOf(error) };
  return { code: error.code, message: error.message, hint: error.hint, place: error.place, problems: error.problems };
}
