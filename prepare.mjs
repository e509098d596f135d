// Sets up what a fresh checkout lacks, then gets out of the way: npm packages (Node 24 among them), and a browser with
// which reports are drawn as pictures. Plain JavaScript, because it is what the machine's own Node, however old, runs first.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
process.chdir(root);

installPackages();
installBrowser();

function installPackages() {
  const stamp = 'node_modules/.tiffin-lock';
  const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('installing npm packages');
  // Warnings about the outer Node's age do not matter: what runs afterwards is the Node 24 among the packages.
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}

function installBrowser() {
  if (browserPath()) return;
  try {
    if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
      say('installing Chromium (apt-get)');
      const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      run('apt-get', ['update', '-qq'], quiet);
      // xvfb: the screen that a linked WhatsApp's browser is shown on.
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'xvfb'], quiet);
    } else {
      say('installing Chromium (playwright)');
      run('node_modules/.bin/node', ['node_modules/playwright/cli.js', 'install', 'chromium']);
    }
  } catch {
    say('no Chromium could be installed: reports are made without pictures (install chromium and run again)');
  }
}

/** Where a Chromium is, if there is one: named by the environment, on the PATH, or playwright's own. */
function browserPath() {
  const named = process.env.CHROMIUM_PATH;
  if (named && existsSync(named)) return named;
  const folders = (process.env.PATH ?? '').split(':');
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    for (const folder of folders) if (existsSync(`${folder}/${name}`)) return `${folder}/${name}`;
  }
  try {
    const program = "console.log(require('playwright').chromium.executablePath())";
    const path = execFileSync('node_modules/.bin/node', ['-e', program], { encoding: 'utf8' }).trim();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function run(command, args, env = process.env) {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
}

function say(text) {
  process.stderr.write(`prepare: ${text}\n`);
}
