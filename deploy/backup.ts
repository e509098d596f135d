// Puts the state (what was sent, what ran) and the files into a folder of their own, and takes away the oldest. What it
// makes is made aside and appears when it is whole.
//
//   backup.ts [FOLDER]     default /var/backups/tiffin; BACKUP_KEEP backups stay, 14 by default
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { postgresEnvironment, run, stateSchemas, stateUrl } from './postgres-tools.ts';

process.umask(0o077);
const [folder = '/var/backups/tiffin'] = process.argv.slice(2);
const keep = Number(process.env['BACKUP_KEEP'] || 14);
const name = new Date().toISOString().replaceAll(':', '').slice(0, 17).concat('Z');
const aside = join(folder, `.${name}.part`);

for (const old of await readdir(folder)) if (old.endsWith('.part')) await rm(join(folder, old), { recursive: true });
await mkdir(aside);
// First what was sent, then the files: a message never stands there without its files.
const env = postgresEnvironment(stateUrl());
const schemas = (await stateSchemas(env)).map((schema) => `--schema=${schema}`);
if (schemas.length === 0) {
  process.stderr.write('backup: nothing has run and nothing was sent yet\n');
  await rm(aside, { recursive: true });
  process.exit(0);
}
await run('pg_dump', ['--format=custom', '--no-owner', ...schemas, `--file=${join(aside, 'state.dump')}`], env);
const files = existsSync('var/files') ? ['files'] : [];
await run('tar', [
  '-czf',
  join(aside, 'files.tar.gz'),
  '-C',
  'var',
  ...(files.length > 0 ? files : ['--files-from=/dev/null']),
]);
const sums = await Promise.all(
  ['state.dump', 'files.tar.gz'].map(async (file) => `${await sumOf(join(aside, file))}  ${file}\n`),
);
await writeFile(join(aside, 'SHA256SUMS'), sums.join(''));
await rename(aside, join(folder, name));
process.stdout.write(`${join(folder, name)}\n`);

const all = (await readdir(folder)).filter((one) => /^\d{4}-\d\d-\d\dT\d{6}Z$/.test(one)).sort();
for (const old of all.slice(0, Math.max(0, all.length - keep))) await rm(join(folder, old), { recursive: true });

async function sumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
