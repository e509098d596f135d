import type { CompiledModel } from '../compile/compile.ts';
import { fileColumn } from '../execute/load-file.ts';
import { columnsOf, type KnownColumns } from '../local/local.ts';
import type { Project } from '../project/project.ts';

/**
 * The columns of a project's tables, as far as its files alone make them certain: of what the engine loads, and of models
 * whose SQL names what it gives. Tables of others may have more columns than are declared.
 */
export function knownColumns({ sources }: Project, models: ReadonlyMap<string, CompiledModel>): KnownColumns {
  const found = new Map<string, readonly string[] | undefined>();
  const known: KnownColumns = (table) => {
    if (found.has(table)) return found.get(table);
    // Models that read one another in a circle end here.
    found.set(table, undefined);
    const columns = read(table);
    found.set(table, columns);
    return columns;
  };
  const read: KnownColumns = (table) => {
    const source = sources.get(table);
    if (source) return source.watch ? undefined : [...Object.keys(source.columns), fileColumn];
    const compiled = models.get(table);
    if (!compiled) return undefined;
    const { materialized, onSchemaChange, contract, columns } = compiled.model;
    // These tables may have columns that their query does not give, or not any more.
    if (materialized === 'snapshot' || (materialized === 'incremental' && onSchemaChange === 'add')) return undefined;
    return columnsOf(compiled.text, known) ?? (contract ? Object.keys(columns) : undefined);
  };
  return known;
}
