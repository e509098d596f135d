#!/usr/bin/env node
import '../engine/node-version.mjs';

const { runProgram } = await import('#engine');
const { commands } = await import('./cli/commands.ts');

process.exitCode = await runProgram(
  { name: 'delivery', summary: "delivery: puts reports into people's hands, each of them once.", commands },
  process.argv.slice(2),
);
