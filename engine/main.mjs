#!/usr/bin/env node
import './node-version.mjs';

const { runProgram } = await import('./cli/program.ts');
const { commands } = await import('./cli/commands.ts');

process.exitCode = await runProgram(
  { name: 'engine', summary: 'engine: builds tables from SQL models, window by window, exactly once.', commands },
  process.argv.slice(2),
);
