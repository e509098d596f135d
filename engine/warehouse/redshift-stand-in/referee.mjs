// Makes a Python of its own with the two grammars, and has them judge the files named; says so in a line where it cannot.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const golden = fileURLToPath(new URL('../../run/redshift-statements.golden.sql', import.meta.url));
const unload = fileURLToPath(new URL('../redshift/unload.golden.sql', import.meta.url));
const files = [golden, unload, ...process.argv.slice(2)].filter((file) => existsSync(file));
const folder = mkdtempSync(join(tmpdir(), 'tiffin-referee-'));
const python = join(folder, 'bin', 'python');
try {
  try {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', 'sqlglot', 'sqlfluff'], {
      stdio: 'ignore',
      timeout: 300_000,
    });
  } catch {
    console.log("skipped: Python or its registry cannot be reached, so nobody else judges Redshift's statements");
    process.exit(0);
  }
  execFileSync(python, [fileURLToPath(new URL('referee.py', import.meta.url)), ...files], { stdio: 'inherit' });
} catch {
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
