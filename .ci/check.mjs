// The quick check: types, lint, the order of the rooms and the unit tests, side by side. Each one's words come when it has
// ended; it fails when any of them does.
import { spawn } from 'node:child_process';

const vitest = 'node_modules/vitest/vitest.mjs';
const checks = {
  types: [
    process.execPath,
    ['node_modules/tsgo/bin/tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', 'node_modules/.cache/tsc.json'],
  ],
  lint: [process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']],
  rooms: [process.execPath, ['.dependency-cruiser/rooms.mjs']],
  tests: [process.execPath, [vitest, 'run', '--project', 'unit', '--reporter', 'dot']],
};

const results = await Promise.all(
  Object.entries(checks).map(async ([name, [command, words]]) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    const code = await new Promise((resolve) => child.on('close', resolve));
    process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}\n${Buffer.concat(said).toString().trim()}\n`);
    return code;
  }),
);
process.exit(results.every((code) => code === 0) ? 0 : 1);
