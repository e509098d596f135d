// A process that brings a project up to date and kills itself at a statement: node test-killed-run.ts ROOT URL AT MODE
import { openPostgres } from '../warehouse/postgres.ts';
import { bringUp, watched } from './test-attack.ts';

const [root = '', url = '', at = '', mode = 'before'] = process.argv.slice(2);
const die = () => void process.kill(process.pid, 'SIGKILL');

await using database = await openPostgres(url);
await using state = await openPostgres(url);
const attacked = watched(database, async (count) => {
  if (count !== Number(at)) return;
  // `during`: the statement is on its way when the process dies.
  if (mode === 'during') setImmediate(die);
  else {
    die();
    await new Promise(() => {});
  }
});
const { ok } = await bringUp(root, attacked, state);
process.stdout.write(ok ? 'whole' : 'failed');
