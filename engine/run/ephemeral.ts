import type { CompiledModel } from '../compile/compile.ts';
import { inlineQueries } from '../sql/inline.ts';
import { queryText } from '../sql/query-text.ts';
import type { SqlDialect } from '../sql/tokens.ts';

/**
 * Models as they are built: what they read of ephemeral models stands in their SQL as a subquery, also in the text that
 * is hashed. Ephemeral models that read one another in a circle are left as they are; the graph names the circle.
 */
export function inlineEphemerals(
  models: ReadonlyMap<string, CompiledModel>,
  dialect: SqlDialect,
): Map<string, CompiledModel> {
  const inlined = new Map<string, CompiledModel>();
  const open = new Set<string>();
  const resolve = (one: CompiledModel): CompiledModel => {
    const { name } = one.model;
    const known = inlined.get(name);
    if (known) return known;
    open.add(name);
    const ephemeral = (table: string) => {
      const found = open.has(table) ? undefined : models.get(table);
      return found?.model.materialized === 'ephemeral' ? resolve(found) : undefined;
    };
    const done: CompiledModel = {
      ...one,
      text: inlineQueries(one.text, dialect, (table) => ephemeral(table)?.text),
      render: (build) =>
        inlineQueries(queryText(one.render(build), dialect), dialect, (table) => ephemeral(table)?.render(build)),
      renderAudit: (audit, build, table) => queryText(one.renderAudit(audit, build, table), dialect),
    };
    open.delete(name);
    inlined.set(name, done);
    return done;
  };
  for (const one of models.values()) resolve(one);
  return inlined;
}
