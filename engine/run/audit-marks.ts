import { createHash } from 'node:crypto';
import type { CompiledModel } from '../compile/compile.ts';
import type { AuditMark } from '../plan/audited.ts';
import type { Audit } from '../project/audit.ts';
import { canonicalHash } from '../sql/canonical.ts';
import type { SqlDialect } from '../sql/tokens.ts';

/**
 * A model's audits as the record knows them: by what they ask, SQL by its canonical text. Their order, their layout and all
 * else in the header change nothing.
 */
export function auditMarks({ model, auditText }: CompiledModel, dialect: SqlDialect): AuditMark[] {
  return model.audits.map((audit) => {
    const asked = JSON.stringify(Object.entries(meaningOf(audit, auditText, dialect)).sort());
    const hash = createHash('sha256').update(asked).digest('hex').slice(0, 16);
    return { hash, blocking: audit.severity === 'error' };
  });
}

function meaningOf({ place: _, ...audit }: Audit, textOf: (name: string) => string, dialect: SqlDialect): object {
  if (audit.kind === 'expression') return { ...audit, sql: canonicalHash(audit.sql, dialect) };
  return audit.kind === 'sql' ? { ...audit, text: canonicalHash(textOf(audit.name), dialect) } : audit;
}
