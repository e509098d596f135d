import { Fault } from '../fault.ts';
import type { Model } from '../project/model.ts';
import {
  type DescribedRelation,
  describeRelation,
  type RelationColumn,
  type RelationName,
} from '../warehouse/catalogue.ts';
import { type Database, type Session, sql } from '../warehouse/database.ts';
import { type DependentView, withoutViews } from './replace.ts';
import { ident, raw } from './stage.ts';

/** How the columns of a table that stays differ from those that its query gives now. */
export type ColumnChange =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'change';
      readonly add: readonly RelationColumn[];
      readonly drop: readonly string[];
      /** `grows`: a text of some size that is to be longer. */
      readonly retype: readonly (RelationColumn & { readonly grows: boolean })[];
    };

/**
 * What has to change in a table so that it takes the staged columns, as far as the header's `on_schema_change` allows.
 * Throws `Fault` failed where it does not. `mayRebuild`: every row is about to be built again.
 */
export function changeOf(
  model: Model,
  staged: readonly RelationColumn[],
  found: readonly RelationColumn[],
  mayRebuild: boolean,
): ColumnChange {
  const before = new Map(found.map((column) => [column.name, column.type]));
  const now = new Set(staged.map((column) => column.name));
  const add = staged.filter(({ name }) => !before.has(name));
  const gone = found.filter(({ name }) => !now.has(name)).map(({ name }) => name);
  const retype = staged
    .filter(({ name, type }) => before.has(name) && before.get(name) !== type)
    .map((column) => ({ ...column, grows: sizeOf(column.type) > sizeOf(before.get(column.name)) }));
  if (add.length + gone.length + retype.length === 0) return { kind: 'none' };
  if (mayRebuild || model.onSchemaChange === 'rebuild') return { kind: 'change', add, drop: gone, retype };
  // A longer text changes no row that is there.
  const others = retype.filter(({ grows }) => !grows);
  if (add.length + gone.length + others.length === 0) return { kind: 'change', add, drop: [], retype };
  // Columns that are gone stay in the table, empty from now on.
  if (model.onSchemaChange === 'add' && others.length === 0) return { kind: 'change', add, drop: [], retype };
  const said = [
    add.length > 0 ? `new: ${add.map(({ name }) => name).join(', ')}` : '',
    gone.length > 0 ? `gone: ${gone.join(', ')}` : '',
    others.length > 0 ? `of another type: ${others.map(({ name }) => name).join(', ')}` : '',
  ];
  throw new Fault(
    'failed',
    `the columns of ${model.name} are not those of its table (${said.filter(Boolean).join('; ')})`,
    {
      place: { file: model.path },
      hint: 'Say on_schema_change: add or rebuild in its header, or run once with --full-refresh.',
    },
  );
}

/** Makes the change, in the publishing transaction. Views of ours over the table are made again where they stand in the way. */
export async function changeColumns(
  tx: Session,
  target: RelationName,
  change: ColumnChange,
  views: readonly DependentView[],
): Promise<void> {
  if (change.kind === 'none') return;
  const { add, drop, retype } = change;
  const alter = async () => {
    for (const { name, type } of add)
      await tx.query(sql`alter table ${ident(target)} add column ${sql.ident(name)} ${raw(type)}`);
    for (const name of drop) await tx.query(sql`alter table ${ident(target)} drop column ${sql.ident(name)}`);
    for (const column of retype) await changeType(tx, target, column);
  };
  if (drop.length + retype.length === 0) await alter();
  else await withoutViews(tx, target, views, alter);
}

async function changeType(tx: Session, target: RelationName, { name, type }: RelationColumn): Promise<void> {
  const [table, column] = [ident(target), sql.ident(name)];
  if (tx.dialect.alters) {
    await tx.query(sql`alter table ${table} alter column ${column} type ${raw(type)} using ${column}::${raw(type)}`);
    return;
  }
  // Where types stay, a new column takes the place of the old one. Columns are always named, so their order is free.
  const beside = sql.ident(`tiffin_${name}`);
  await tx.query(sql`alter table ${table} add column ${beside} ${raw(type)}`);
  await tx.query(sql`update ${table} set ${beside} = ${column}::${raw(type)}`);
  await tx.query(sql`alter table ${table} drop column ${column}`);
  await tx.query(sql`alter table ${table} rename column ${beside} to ${column}`);
}

/**
 * Lets the texts of a table grow, as a step of its own: where a type cannot be altered in a transaction. Returns what is
 * left of the change. Does no harm when the build is abandoned after it.
 */
export async function widenTexts(
  database: Database,
  target: RelationName,
  change: ColumnChange,
): Promise<ColumnChange> {
  if (change.kind === 'none' || database.dialect.alters) return change;
  const grown = change.retype.filter(({ grows }) => grows);
  for (const { name, type } of grown) {
    await database.query(sql`alter table ${ident(target)} alter column ${sql.ident(name)} type ${raw(type)}`);
  }
  const retype = change.retype.filter(({ grows }) => !grows);
  if (change.add.length + change.drop.length + retype.length === 0) return { kind: 'none' };
  return { ...change, retype };
}

/** A size of varchar, where a type has one. */
const sizeOf = (type: string | undefined) => Number(/^(?:character varying|varchar)\((\d+)\)$/.exec(type ?? '')?.[1]);

/**
 * A model with a contract gives exactly the columns that its header declares, in their types. Throws `Fault` failed naming
 * every difference. `given` is what its query gives, before anything is cast.
 */
export async function checkContract(session: Session, model: Model, given: DescribedRelation): Promise<void> {
  if (!model.contract) return;
  const declared = await typesAsTheServerSays(session, model, given);
  const differences: string[] = [];
  for (const { name, type } of declared) {
    const column = given.columns.find((one) => one.name === name);
    if (!column) differences.push(`${name} is not there`);
    else if (column.type !== type) differences.push(`${name} is ${column.type}, not ${type}`);
  }
  const names = new Set(declared.map(({ name }) => name));
  for (const { name } of given.columns) if (!names.has(name)) differences.push(`${name} is not declared`);
  if (differences.length === 0) return;
  throw new Fault('failed', `${model.name} breaks its contract: ${differences.join('; ')}`, {
    place: { file: model.path },
    hint: 'Cast in its SQL, or declare in its header what it gives.',
  });
}

/** `varchar(9)` and `character varying(9)` are one type: the server tells, by a table that is made and dropped. */
async function typesAsTheServerSays(
  session: Session,
  { columns }: Model,
  { schema, name }: RelationName,
): Promise<readonly RelationColumn[]> {
  const table = { schema, name: `${name}_contract` };
  const list = Object.entries(columns).map(([column, { type = 'text' }]) => sql`${sql.ident(column)} ${raw(type)}`);
  await session.query(sql`create table ${ident(table)} (${sql.join(list, ', ')})`);
  try {
    return (await describeRelation(session, table))?.columns ?? [];
  } finally {
    await session.query(sql`drop table ${ident(table)}`);
  }
}
