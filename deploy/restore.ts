// Brings the state and the files back from a backup, over what is there. The ledger notices that it was brought back and
// sends nothing until "delivery release".
//
//   restore.ts FOLDER      a folder that backup.ts made

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { postgresEnvironment, run, stateSchemas, stateUrl } from './postgres-tools.ts';

process.umask(0o027);
const [given] = process.argv.slice(2);
if (given === undefined) {
  process.stderr.write('which backup? tiffin restore /var/backups/tiffin/2026-01-31T032000Z\n');
  process.exit(2);
}
const folder = resolve(given);
await run('sh', ['-c', 'cd "$1" && sha256sum --check --strict --quiet SHA256SUMS', 'sh', folder]);
const env = postgresEnvironment(stateUrl());
await mkdir('var', { recursive: true });
const script = resolve('var', '.restore.sql');
try {
  await run('pg_restore', ['--no-owner', `--file=${script}.part`, join(folder, 'state.dump')]);
  // What is there goes first, tables of a later version among it; all of it or nothing, in one transaction.
  const drops = (await stateSchemas(env)).map((schema) => `drop schema ${schema} cascade;\n`);
  await writeFile(script, drops.join(''));
  await run('psql', ['--no-psqlrc', '-q', '-1', '-v', 'ON_ERROR_STOP=1', '-f', script, '-f', `${script}.part`], env);
} finally {
  await rm(script, { force: true });
  await rm(`${script}.part`, { force: true });
}
// Files are named by what they hold: those that are there are the same.
await run('tar', ['-xzf', join(folder, 'files.tar.gz'), '-C', 'var', '--skip-old-files']);
process.stdout.write(`restored from ${folder}

Nothing is sent now: the backup does not know what went out after it was made. See "delivery status", look what did go
out (the mail server's log, the outbox), then one of these, and start the services again:

  tiffin delivery release --sent-until now    what was due until now may have gone; each is named and settled by hand
  tiffin delivery release --send-all          nothing went out after the backup
`);
