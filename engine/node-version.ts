import module from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Tiffin runs its TypeScript directly, which Node does from version 24 on. An older Node gets one clear line.
 * Imported first by every entry point, and by vitest as its global set-up.
 */
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `tiffin needs Node 24 or later; this is ${process.version}. ` +
      'Run it as "npx engine ..." or "npm run ...": the project brings its own Node 24 (npm install).\n',
  );
  process.exit(2);
}

// Reading our modules is a third of the time of a short command: Node keeps them compiled, beside what npm installed (not
// in the common temporary folder, where another user could put code for us). Where it may not write, it goes without.
module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)));

/** vitest calls a global set-up; the check above has already happened by then. */
export default function setup(): void {}
