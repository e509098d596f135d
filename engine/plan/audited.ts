import { common, merge, type Range, subtract } from '../time/range.ts';
import { overlay } from './overlay.ts';
import type { Build, Pass } from './record.ts';
import { cut } from './segments.ts';

/** One audit of a model, by a hash of what it asks. `blocking`: rows that it was not asked about do not count. */
export interface AuditMark {
  readonly hash: string;
  readonly blocking: boolean;
}

/** What of a stretch of published rows has not been asked. */
export interface Unasked {
  /** By any audit; merged. */
  readonly any: readonly Range[];
  /** By a blocking one; merged. */
  readonly blocking: readonly Range[];
}

const nothing: Unasked = { any: [], blocking: [] };

/** Where, in a stretch of one build's windows, an audit of today has never been asked. An audit that is gone asks nothing. */
export function unaskedOf(marks: readonly AuditMark[], build: Build, within: Range, passes: readonly Pass[]): Unasked {
  const open = missing(marks, build);
  if (open.length === 0) return nothing;
  const later = passes.filter((pass) => pass.build === build.id);
  const holes = open.map(({ hash, blocking }) => {
    const passed = later.flatMap(({ audits, range = within }) => {
      const inside = audits.includes(hash) ? common(range, within) : undefined;
      return inside ? [inside] : [];
    });
    return { blocking, ranges: subtract([within], merge(passed)) };
  });
  return {
    any: merge(holes.flatMap(({ ranges }) => ranges)),
    blocking: merge(holes.flatMap(({ blocking, ranges }) => (blocking ? ranges : []))),
  };
}

/** Of a build without windows, whether all of today's audits (`blocking`: all blocking ones) have been asked. */
export function isAsked(
  marks: readonly AuditMark[],
  build: Build,
  passes: readonly Pass[],
  which: 'any' | 'blocking',
): boolean {
  return missing(marks, build).every(
    ({ hash, blocking }) =>
      (which === 'blocking' && !blocking) ||
      passes.some((pass) => pass.build === build.id && pass.audits.includes(hash)),
  );
}

/** What is recorded of rows that have met today's audits. */
export function hashesOf({ audits }: { readonly audits: readonly AuditMark[] }): string[] {
  return audits.map(({ hash }) => hash);
}

/** What is recorded when the rows of a range of windows have passed today's audits: a pass for each build they are of. */
export function passesOf(
  node: { readonly name: string; readonly audits: readonly AuditMark[] },
  range: Range,
  builds: readonly Build[],
): Pass[] {
  return cut(overlay(builds), range).map(({ build, from, until }) => ({
    model: node.name,
    build: build.id,
    range: { from, until },
    audits: hashesOf(node),
  }));
}

function missing(marks: readonly AuditMark[], { audits = [] }: Build): readonly AuditMark[] {
  return marks.filter(({ hash }) => !audits.includes(hash));
}

/** Why rows that stand are asked again. */
export const newAudit = 'new audit since';
