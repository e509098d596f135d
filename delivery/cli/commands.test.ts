import { expect, test } from 'vitest';
import { commands, elsewhere } from './commands.ts';

test.each(Object.keys(commands))(
  '%s explains its options, gives an example of itself and tells its exit codes',
  async (name) => {
    const command = await commands[name]?.load();
    for (const option of Object.keys(command?.options ?? {})) expect(command?.usage).toContain(`--${option}`);
    for (const example of command?.examples ?? ['']) expect(example.split(' ')[0]).toBe(name);
  },
);

test('what stands elsewhere is no command of its own', () => {
  for (const name of Object.keys(elsewhere)) expect(Object.keys(commands)).not.toContain(name);
});
