import type { CompiledModel } from '../compile/compile.ts';
import { quoteReserved } from '../sql/reserved.ts';
import type { Dialect } from '../warehouse/dialect-port.ts';

/** Models as they are sent to a server that reserves words as names: their SQL is the author's but for quotes. */
export function forServer(
  models: ReadonlyMap<string, CompiledModel>,
  { name, reserved }: Dialect,
): ReadonlyMap<string, CompiledModel> {
  if (reserved.size === 0) return models;
  const quoted = (text: string) => quoteReserved(text, reserved, name);
  return new Map(
    [...models].map(([model, one]) => [
      model,
      {
        ...one,
        render: (build) => quoted(one.render(build)),
        renderAudit: (audit, build, table) => quoted(one.renderAudit(audit, build, table)),
      } satisfies CompiledModel,
    ]),
  );
}
