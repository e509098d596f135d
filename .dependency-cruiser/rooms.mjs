// The order of the rooms: a file imports only its own room and those before it (README, "The house").
// Prints every import that breaks it and every import circle; fails, too, when it sees suspiciously few modules.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cruise } from 'dependency-cruiser';

const engine = [
  ['fault.ts', 'node-version.mjs'],
  ['time'],
  ['log'],
  ['config'],
  ['warehouse'],
  ['project'],
  ['compile'],
  ['sql'],
  ['local'],
  ['reading'],
  ['graph'],
  ['lineage'],
  ['plan'],
  ['source'],
  ['execute'],
  ['record'],
  ['run'],
  ['schedule'],
  ['docs'],
  ['cli'],
  ['index.ts'],
  ['main.mjs'],
];
const delivery = [
  ['config'],
  ['report'],
  ['people'],
  ['slot'],
  ['gate'],
  ['query'],
  ['edition'],
  ['compose'],
  ['render'],
  ['files'],
  ['enqueue'],
  ['send'],
  ['confirm'],
  ['ledger'],
  ['queue'],
  ['prepare'],
  ['alert'],
  ['access'],
  ['api'],
  ['console'],
  ['exposures.ts'],
  ['daemon', 'house.ts'],
  ['cli'],
  ['main.mjs'],
];

const pattern = (house, rooms) =>
  `^${house}/(${rooms
    .flat()
    .map((room) => (room.endsWith('.ts') ? room.replace('.', '\\.') : `${room}/`))
    .join('|')})`;

const order = (house, rooms) =>
  rooms.slice(0, -1).map((room, index) => ({
    name: `${house}: ${room.join(', ')} comes before what it imports`,
    severity: 'error',
    from: { path: pattern(house, [room]), pathNot: '\\.test\\.ts$' },
    to: { path: pattern(house, rooms.slice(index + 1)) },
  }));

const forbidden = [
  { name: 'no import circle', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'the engine knows nothing of delivery',
    severity: 'error',
    from: { path: '^engine/' },
    to: { path: '^(delivery|demo)/' },
  },
  {
    name: 'delivery enters the engine by its door',
    severity: 'error',
    from: { path: '^delivery/', pathNot: '\\.test\\.ts$' },
    to: { path: '^engine/', pathNot: '^engine/(index\\.ts|node-version\\.mjs)$' },
  },
  ...order('engine', engine),
  ...order('delivery', delivery),
];

const folders = ['engine', 'delivery', 'demo'].filter((folder) => existsSync(folder));
const { output } = await cruise(folders, {
  ruleSet: { forbidden },
  validate: true,
  cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'content' },
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules' },
  exclude: { path: 'node_modules' },
  enhancedResolveOptions: { conditionNames: ['node', 'import', 'default'], exportsFields: ['exports'] },
});

// dependency-cruiser without a matching TypeScript sees no module and passes silently; so its count is checked.
const present = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', 'engine/*.ts'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter(Boolean).length;
const seen = output.modules.filter((module) => module.source.startsWith('engine/') && !module.coreModule).length;
const imports = output.modules.flatMap((module) => module.dependencies).length;
for (const { rule, from, to, cycle } of output.summary.violations) {
  const way = cycle?.length ? cycle.map((step) => step.name).join(' -> ') : to;
  process.stdout.write(`${from} -> ${way}\n    ${rule.name}\n`);
}
const rooms = [...engine, ...delivery].flat();
const stray = output.modules
  .map((module) => module.source)
  .filter((source) => /^(engine|delivery)\//.test(source))
  .filter((source) => !rooms.some((room) => source.split('/').slice(1).join('/').startsWith(room)));
for (const source of stray)
  process.stdout.write(`${source}\n    stands in no room: name it in .dependency-cruiser/rooms.mjs\n`);
if (seen < present || imports === 0) {
  process.stdout.write(
    `rooms: saw ${seen} of ${present} engine modules and ${imports} imports: the checker is blind\n`,
  );
  process.exit(1);
}
process.exit(output.summary.violations.length + stray.length > 0 ? 1 : 0);
