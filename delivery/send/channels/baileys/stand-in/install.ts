import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { baileysVersion } from '../library.ts';
import type { Tools } from './tools.ts';

/** Outside the checkout: Baileys is no dependency of it. Installed once, for all tests to come. */
const cache = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'tiffin-tests',
  `baileys-${baileysVersion}`,
);

/** Installs Baileys where it is not yet and the registry can be reached; undefined where it cannot be had. */
export async function installedBaileys(): Promise<string | undefined> {
  const home = join(cache, 'node_modules', 'baileys', 'lib', 'index.js');
  if (existsSync(home)) return cache;
  try {
    mkdirSync(cache, { recursive: true });
    const fast = ['--fetch-retries', '1', '--fetch-timeout', '30000'];
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact'];
    await promisify(execFile)('npm', ['install', '--prefix', cache, ...quiet, ...fast, `baileys@${baileysVersion}`], {
      cwd: cache,
    });
    return existsSync(home) ? cache : undefined;
  } catch {
    process.stderr.write(`skipped: Baileys ${baileysVersion} is not in ${cache} and cannot be installed\n`);
    return undefined;
  }
}

/** Puts an installed Baileys where a project has it: var/baileys. */
export function linkBaileys(installed: string, root: string): void {
  const place = join(root, 'var', 'baileys');
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(installed, place);
}

export async function loadTools(installed: string): Promise<Tools> {
  const load = (name: string) => import(pathToFileURL(join(installed, 'node_modules', name)).href);
  const [baileys, ws] = await Promise.all([load('baileys/lib/index.js'), load('ws/wrapper.mjs')]);
  return { ...baileys, WebSocketServer: ws.WebSocketServer } as Tools;
}
