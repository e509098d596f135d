#!/usr/bin/env node
import '../engine/node-version.mjs';

const { runProgram } = await import('#engine');
const { commands, elsewhere } = await import('./cli/commands.ts');

process.exitCode = await runProgram(
  { name: 'delivery', summary: "delivery: puts reports into people's hands, each of them once.", commands, elsewhere },
  process.argv.slice(2),
);
