import { recordName } from '../config/config.ts';
import { didYouMean } from '../config/nearest.ts';
import { ident, raw } from '../execute/stage.ts';
import { Fault } from '../fault.ts';
import { prepareRecord } from '../record/schema.ts';
import { deferTo } from '../run/defer.ts';
import { localQuery, rewritesFor } from '../run/local-models.ts';
import { openProjectTarget } from '../run/open-project-target.ts';
import type { Places } from '../run/places.ts';
import { readOwnRecord } from '../run/warehouse-record.ts';
import { openWorkspace, type Workspace } from '../run/workspace.ts';
import { findForbidden } from '../sql/forbidden.ts';
import { queryText } from '../sql/query-text.ts';
import { type Database, sql } from '../warehouse/database.ts';
import { sqlStateOf } from '../warehouse/sql-error.ts';
import { deferOption, deferralOf, deferUsage } from './defer.ts';
import type { Call } from './program.ts';
import { textOf } from './selection.ts';
import { csvText, textTable } from './table.ts';

export const usage = `MODEL | --sql 'SELECT ...' [--limit N] [--output table|csv|json] [--target T] [--defer T]

Shows rows of a model or source, or of a query of yours, which may only read.

  --sql Q        the query, instead of a name
  --limit N      at most N rows (20 without it)
  --output O     table, csv or json
  --target T     a target of project.yml: its tables, under its schema_suffix, also in --sql${deferUsage}`;
export const options = {
  sql: { type: 'string' },
  limit: { type: 'string' },
  output: { type: 'string' },
  target: { type: 'string', short: 't' },
  ...deferOption,
} as const;
export const positionals = 1;
export const examples = [
  'show kpi.store_daily --limit 5',
  "show --sql 'select count(*) from kpi.store_daily' --output csv",
];

export async function run(call: Call): Promise<number> {
  const opened = openWorkspace(process.cwd(), call.environment, textOf(call.values, 'target'));
  const { config, graph } = opened;
  const [name] = call.positionals;
  const text = textOf(call.values, 'sql');
  if ((name === undefined) === (text === undefined))
    throw new Fault('invalid', 'name a model, or give --sql, one of the two');
  if (name !== undefined && !graph.get(name)) {
    const hint = didYouMean(
      name,
      graph.nodes.map((node) => node.name),
    );
    throw new Fault('invalid', `there is no model or source ${name}`, hint ? { hint } : {});
  }
  const limit = Number(textOf(call.values, 'limit') ?? 20);
  if (!Number.isInteger(limit) || limit < 0) throw new Fault('invalid', '--limit: a whole number');
  const asked = text === undefined ? undefined : readOnly(text, opened);

  await using database = await openProjectTarget(config, { signal: call.signal });
  const { places, deferred } = await readFrom(call, opened, database);
  const query = asked === undefined ? sql`select * from ${ident(places.read(name ?? ''))}` : raw(placed(asked, places));
  if (name !== undefined && deferred?.names.has(name)) call.note(`${name} of target ${deferred.target}`);
  const rows = await database
    .transaction((tx) => tx.query(sql`select * from (\n${query}\n) as shown limit ${limit}`), {
      readOnly: true,
      signal: call.signal,
    })
    .catch((error: unknown) => {
      if (name === undefined || sqlStateOf(error) !== undefinedTable) throw error;
      throw new Fault('failed', `${name} is not built on target ${config.targetName} yet`, {
        hint: `engine run --select +${name}${deferred ? '' : '; or read it from another target with --defer'}`,
      });
    });
  const output = textOf(call.values, 'output') ?? 'table';
  if (output === 'json') call.print(JSON.stringify(rows));
  else if (output === 'csv') call.print(csvText(rows));
  else if (output === 'table') call.print(textTable(rows));
  else throw new Fault('invalid', `--output ${output}: one of table, csv, json`);
  call.answer(rows);
  return 0;
}

const undefinedTable = '42P01';

/** The workspace as it is read; with `--defer`, what is not built here from the other environment. */
async function readFrom(call: Call, workspace: Workspace, database: Database): Promise<Workspace> {
  const deferral = await deferralOf(call, { workspace, database });
  if (!deferral) return workspace;
  await prepareRecord(database, recordName(workspace.config));
  return deferTo(workspace, await readOwnRecord(database, workspace), new Set(), deferral);
}

function placed(query: string, places: Places): string {
  const { text, uncertain } = places.rename(query);
  const [first] = uncertain;
  if (!first) return text;
  throw new Fault('invalid', `--sql: ${first.message}`, {
    hint: 'Write schema.table in a FROM list, or give it an alias.',
  });
}

function readOnly(text: string, { config, columns }: Workspace): string {
  const { dialect } = config;
  const [first] = findForbidden(text, dialect);
  if (first) throw new Fault('invalid', `--sql: ${first.message}`, first.hint ? { hint: first.hint } : {});
  const written = rewritesFor(config) ? dialect : 'postgres';
  return localQuery(queryText(text, dialect), { dialect: written, file: '--sql', known: columns });
}
