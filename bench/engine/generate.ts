import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One model of the made-up graph: two inputs of the layer before, the first layer's are sources. */
interface Made {
  readonly name: string;
  readonly layer: number;
  readonly reads: readonly [string, string];
  readonly incremental: boolean;
}

const width = 50;
const sources = Array.from({ length: 10 }, (_, index) => `s${index}`);

/**
 * The graph that every tool is measured on: layers of 50; model j of a layer joins models j and (7j + 3) mod 50 of the
 * layer before, every fifth model is incremental.
 */
function graph(count: number): Made[] {
  return Array.from({ length: count }, (_, index) => {
    const layer = Math.floor(index / width);
    const j = index % width;
    const other = (7 * j + 3) % width;
    const before = (at: number) => (layer === 0 ? (sources[at % 10] as string) : nameOf(layer - 1, at % width));
    const first = before(j);
    const second = before(other) === first ? before(other + 1) : before(other);
    return { name: nameOf(layer, j), layer, reads: [first, second], incremental: index % 5 === 4 };
  });
}

const nameOf = (layer: number, j: number) => `m${String(layer * width + j).padStart(5, '0')}`;

/** Writes the graph as a project of ours. Returns the paths of its models. */
export function generateOurs(root: string, count: number): string[] {
  const write = writer(root);
  write('project.yml', 'name: bench\ntimezone: UTC\ntarget: local\ntargets:\n  local: { type: embedded }\n');
  const columns = '{ day: { type: date }, customer: { type: text }, amount: { type: "numeric(18,2)" } }';
  const entries = sources.map(
    (name) =>
      `  - name: raw.${name}\n    files: { path: data/${name}.csv }\n    time_column: day\n    columns: ${columns}\n`,
  );
  for (const name of sources) write(`data/${name}.csv`, 'day,customer,amount\n2024-01-01,A,1.50\n2024-03-31,B,2\n');
  write('models/sources.yml', `sources:\n${entries.join('')}`);
  const relation = (name: string) => (name.startsWith('s') ? `raw.${name}` : `bench.${name}`);
  return graph(count).map(({ name, layer, reads, incremental }) => {
    const kind = incremental
      ? 'materialized: incremental\ntime_column: day\ngrain: day\nstart: 2024-01-01'
      : 'materialized: table';
    const window = incremental ? 'where a.day >= {{ window.from }} and a.day < {{ window.until }}\n' : '';
    return write(
      `models/bench/${name}.sql`,
      `/*---
description: Model ${name} of layer ${layer}
${kind}
tags: [bench, layer_${layer}]
---*/
select date_trunc('day', a.day)::date as day, a.customer as customer, sum(a.amount) as amount,
  count(distinct b.customer) as customers
from ${relation(reads[0])} as a
join ${relation(reads[1])} as b on b.customer = a.customer and b.day = a.day
${window}group by 1, 2
`,
    );
  });
}

/** Writes the same graph for @dataform/cli, which wants its core as a copied module. */
export function generateDataform(root: string, count: number): void {
  const write = writer(root);
  write('workflow_settings.yaml', 'defaultProject: bench\ndefaultLocation: US\ndefaultDataset: bench\n');
  write('package.json', '{ "dependencies": { "@dataform/core": "3.0.62" } }');
  for (const name of sources) {
    write(`definitions/${name}.sqlx`, `config { type: "declaration", schema: "raw", name: "${name}" }\n`);
  }
  for (const { name, layer, reads, incremental } of graph(count)) {
    const filter = incremental ? '${when(incremental(), `where a.day > (select max(day) from ${self()})`)}\n' : '';
    write(
      `definitions/${name}.sqlx`,
      `config {
  type: "${incremental ? 'incremental' : 'table'}",
  description: "Model ${name} of layer ${layer}",
  tags: ["bench", "layer_${layer}"]
}
select date_trunc(a.day, day) as day, a.customer as customer, sum(a.amount) as amount,
  count(distinct b.customer) as customers
from \${ref("${reads[0]}")} as a
join \${ref("${reads[1]}")} as b on b.customer = a.customer and b.day = a.day
${filter}group by 1, 2
`,
    );
  }
}

function writer(root: string) {
  const made = new Set<string>();
  return (path: string, text: string): string => {
    const folder = join(root, path, '..');
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    writeFileSync(join(root, path), text);
    return path;
  };
}
