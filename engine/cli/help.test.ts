import { expect, test } from 'vitest';
import { commands } from './commands.ts';
import { helpText } from './help.ts';

test('help tells the call, the options, an example and the exit codes', () => {
  const help = {
    usage: 'NAME [--limit N]\n\nShows it.\n  --limit N      so many',
    examples: ['show a'],
    exits: { 1: 'no' },
  };
  expect(helpText('engine show', 'shows', help)).toBe(`engine show NAME [--limit N]

Shows it.
  --limit N      so many
  --json         one JSON value on standard output, and nothing else there

Examples:
  engine show a

Exit codes:
  0              done, warnings included
  1              no
  2              wrong usage, or an invalid project; nothing was done
  130            interrupted: nothing half-done stays
`);
});

test.each(Object.keys(commands))(
  '%s explains every option that it takes, and gives an example of itself',
  async (name) => {
    const command = await commands[name]?.load();
    for (const option of Object.keys(command?.options ?? {})) expect(command?.usage).toContain(`  --${option}`);
    expect(command?.examples?.length).toBeGreaterThan(0);
    for (const example of command?.examples ?? []) expect(example.split(' ')[0]).toBe(name);
  },
);
