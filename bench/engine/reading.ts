import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loadModule, parseSync } from 'libpg-query';
import { resolve } from '../../engine/lineage/resolve.ts';
import { readText } from '../../engine/reading/reading.ts';
import { readingsOf } from '../../engine/reading/store.ts';
import { readReferences } from '../../engine/sql/references.ts';
import { inFolder } from './folder.ts';
import { median, millis, printTable, ratio, say } from './table.ts';

/** The version of the peer, which Python's registry has. */
const sqlglot = 'sqlglot==27.20.0';

/**
 * What it costs to read models of three kilobytes each: names by words, the whole reading with columns, the same from its
 * cache; beside parsers alone that build a tree and throw it away, in the same run and in turns.
 */
export async function measureReading(count: number, runs: number): Promise<void> {
  await inFolder(async (root) => {
    const texts = Array.from({ length: count }, (_, index) => madeModel(index));
    await loadModule();
    const { Parser } = createRequire(import.meta.url)('node-sql-parser/build/redshift.js');
    const second = new Parser();
    const parsers = { postgres: parseSync, second: () => undefined };
    const file = join(root, 'readings.json');
    const glot = installSqlglot(root, texts);
    const ways: readonly (readonly [string, () => unknown])[] = [
      ['tables, by words', () => texts.map((text) => readReferences(text, 'redshift'))],
      ['tables and shapes, by words and parser', () => texts.map((text) => readText(text, 'redshift', parsers))],
      [
        'the same, and columns resolved',
        () =>
          texts.map((text) =>
            readText(text, 'redshift', parsers).shapes.map((shape) => resolve(shape, 'redshift', none)),
          ),
      ],
      [
        'nothing kept: read and written',
        () => {
          rmSync(file, { force: true });
          return readingsOf(texts, 'redshift', file);
        },
      ],
      ['all kept: from the cache', () => readingsOf(texts, 'redshift', file)],
      ['libpg-query alone', () => texts.map((text) => parseSync(text))],
      ['node-sql-parser alone', () => texts.map((text) => second.astify(text, { database: 'redshift' }))],
      ...(glot ? ([[`${sqlglot} alone`, glot]] as const) : []),
    ];
    const times = ways.map((): number[] => []);
    for (let run = 0; run < runs; run++) {
      for (const [at, [, way]] of ways.entries()) {
        const began = performance.now();
        const answer = await way();
        times[at]?.push(typeof answer === 'number' ? answer : performance.now() - began);
      }
    }
    const middle = times.map(median);
    const whole = middle[2] ?? 0;
    printTable(
      `Reading ${count} models of ${(texts.join('').length / count / 1024).toFixed(1)} kB: median wall time of ${runs} rounds`,
      [{ heading: 'way' }, { heading: 'ms', figure: true }, { heading: 'beside the third', figure: true }],
      ways.map(([name], at) => [name, millis(middle[at] ?? 0), ratio(middle[at] ?? 0, whole)]),
    );
    if (!glot) say(`${sqlglot} cannot be installed here: skipped`);
  });
}

const none = () => undefined;

/** A model of about three kilobytes: three names of a WITH, joins, a window, CASEs, a union; no two alike. */
export function madeModel(index: number): string {
  const columns = Array.from({ length: 18 }, (_, at) => `measure_${at}`);
  const sums = columns.map((one) => `  sum(case when l.kind = 'sale' then l.${one} else 0 end) as ${one}`).join(',\n');
  const passed = columns.map((one) => `  coalesce(s.${one}, 0) - coalesce(r.${one}, 0) as ${one}`).join(',\n');
  return `with lines as (
  select *, row_number() over (partition by store_id, item_id order by loaded_at desc) as place
  from staging_${index}.lines where sale_date >= date '2021-09-01' and sale_date < date '2021-12-01'
), sales as (
  select l.sale_date, l.store_id,
${sums}
  from lines l join staging_${index}.stores st on st.store_id = l.store_id
  where l.place = 1 group by l.sale_date, l.store_id
), refunds as (
  select sale_date, store_id, ${columns.join(', ')} from staging_${index}.refunds
  union all
  select sale_date, store_id, ${columns.join(', ')} from staging_${index}.late_refunds
)
select s.sale_date, s.store_id, c.region,
${passed},
  sum(s.measure_0) over (partition by s.store_id order by s.sale_date rows between 6 preceding and current row) as week
from sales s
left join refunds r on r.sale_date = s.sale_date and r.store_id = s.store_id
left join (select store_id, max(region) as region from staging_${index}.regions group by store_id) c on c.store_id = s.store_id
where exists (select 1 from staging_${index}.calendar k where k.calendar_date = s.sale_date)
`;
}

/** A way that parses the texts in a Python process and answers its own milliseconds, start and import left out. */
function installSqlglot(root: string, texts: readonly string[]): (() => number) | undefined {
  const folder = join(root, 'python');
  mkdirSync(folder);
  try {
    execFileSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', folder, sqlglot], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const input = join(root, 'texts.json');
  writeFileSync(input, JSON.stringify(texts));
  const script = `import json, sys, time
sys.path.insert(0, sys.argv[1])
import sqlglot
texts = json.load(open(sys.argv[2]))
sqlglot.parse_one('select 1', dialect='redshift')
began = time.perf_counter()
for text in texts: sqlglot.parse_one(text, dialect='redshift')
print((time.perf_counter() - began) * 1000)`;
  return () => Number(execFileSync('python3', ['-c', script, folder, input], { encoding: 'utf8' }));
}
