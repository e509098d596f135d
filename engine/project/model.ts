import { type PlaceOf, parseYaml } from '../config/yaml.ts';
import type { Place, Problem } from '../fault.ts';
import type { Duration, Grain } from '../time/grain.ts';
import type { TableLayout } from '../warehouse/dialect-port.ts';
import type { Audit } from './audit.ts';
import { auditsOf, type ModelHeader, modelHeaderSchema } from './model-header.ts';

/** How an incremental model's windows lie. */
export interface Windowing {
  readonly timeColumn: string;
  readonly grain: Grain;
  /** First day of the first window, `YYYY-MM-DD`; undefined = where the inputs' coverage starts. */
  readonly start: string | undefined;
  /** How far before a window the model reads an input, by relation. */
  readonly readsBack: Readonly<Record<string, Duration>>;
  /** How far before a window that becomes due windows are built once more; undefined = not at all. */
  readonly lookback: Duration | undefined;
  /** What becomes of the windows there are when the SQL changes. */
  readonly onChange: 'rebuild' | 'forward';
  /** The most windows that one step builds together. */
  readonly batch: number;
}

/** How a snapshot tells that a row has changed. */
export interface Snapshotting {
  readonly by:
    | { readonly kind: 'updated'; readonly column: string }
    | { readonly kind: 'columns'; readonly columns: 'all' | readonly string[] };
  readonly hardDeletes: 'keep' | 'close';
}

/** One model file, checked on its own. */
export interface Model {
  /** `schema.table`, from its path. */
  readonly name: string;
  /** Path from the project's root. */
  readonly path: string;
  readonly description: string;
  readonly materialized: ModelHeader['materialized'];
  readonly timeColumn: string | undefined;
  /** Of a model without windows: whether a change of it makes the history of its readers stale. */
  readonly restates: boolean;
  /** Present for incremental models by time. */
  readonly windowing?: Windowing;
  /** What tells one row from another; empty where the header does not say. */
  readonly uniqueKey: readonly string[];
  /** Present for snapshots. */
  readonly snapshotting?: Snapshotting;
  readonly onChange: ModelHeader['on_change'];
  readonly onSchemaChange: ModelHeader['on_schema_change'];
  readonly contract: boolean;
  readonly columns: ModelHeader['columns'];
  readonly audits: readonly Audit[];
  /** How old its newest window may be. */
  readonly freshness: ModelHeader['freshness'];
  /** Dependencies that no reader can see in the SQL. */
  readonly dependsOn: readonly string[];
  readonly tags: readonly string[];
  /** How the table lies in a warehouse of several nodes. */
  readonly layout?: TableLayout;
  /** The Liquid and SQL below the header, and the line of the file on which it begins. */
  readonly body: string;
  readonly bodyLine: number;
  /** Where a key of the header stands in the file. */
  readonly placeOf: PlaceOf;
}

const opening = /^\s*\/\*---[ \t]*\r?\n/;
const closing = /^[ \t]*---\*\//m;

/** Reads one model file's text: its header and its body, or every problem of the header. */
export function parseModel(
  name: string,
  path: string,
  text: string,
): { readonly model?: Model; readonly problems: readonly Problem[] } {
  const open = opening.exec(text);
  let header = '';
  let headerLine = 1;
  let body = text;
  let bodyLine = 1;
  if (open) {
    const rest = text.slice(open[0].length);
    const close = closing.exec(rest);
    headerLine = lineCount(open[0]) + 1;
    if (!close) {
      return {
        problems: [
          {
            file: path,
            line: headerLine - 1,
            severity: 'error',
            code: 'header-not-closed',
            message: 'the header that begins here is never closed',
            hint: 'End it with a line ---*/',
          },
        ],
      };
    }
    header = rest.slice(0, close.index);
    body = rest.slice(close.index + close[0].length);
    bodyLine = headerLine + lineCount(rest.slice(0, close.index + close[0].length));
  }
  const read = parseYaml(header, modelHeaderSchema, path, headerLine);
  if (!read.ok) return { problems: read.problems };
  if (body.trim() === '') {
    return {
      problems: [
        { file: path, line: bodyLine, severity: 'error', code: 'empty-model', message: 'the file has no SQL' },
      ],
    };
  }
  const { value } = read;
  // The first is `unique_key`, where the header has one.
  const keys = value.unique_key ? 1 : 0;
  const placeOfAudit = (index: number): Place => ({
    file: path,
    ...read.placeOf(index < keys ? ['unique_key'] : ['audits', index - keys]),
  });
  const windowing =
    value.materialized === 'incremental' && value.time_column && value.grain
      ? {
          timeColumn: value.time_column,
          grain: value.grain,
          start: value.start,
          readsBack: value.reads_back,
          lookback: value.lookback,
          onChange: value.on_change,
          batch: value.batch,
        }
      : undefined;
  return {
    problems: [],
    model: {
      name,
      path,
      description: value.description,
      materialized: value.materialized,
      timeColumn: value.time_column,
      restates: value.restates,
      ...(windowing ? { windowing } : {}),
      uniqueKey: value.unique_key ?? [],
      ...(value.materialized === 'snapshot' ? { snapshotting: snapshottingOf(value) } : {}),
      onChange: value.on_change,
      onSchemaChange: value.on_schema_change,
      contract: value.contract,
      columns: value.columns,
      audits: auditsOf(value).map((audit, index) => ({ ...audit, place: placeOfAudit(index) })),
      freshness: value.freshness,
      dependsOn: value.depends_on,
      tags: value.tags,
      ...(value.redshift ? { layout: value.redshift as TableLayout } : {}),
      body,
      bodyLine,
      placeOf: read.placeOf,
    },
  };
}

function snapshottingOf({ updated_column: column, check, hard_deletes: hardDeletes }: ModelHeader): Snapshotting {
  if (column !== undefined) return { by: { kind: 'updated', column }, hardDeletes };
  return { by: { kind: 'columns', columns: check ?? 'all' }, hardDeletes };
}

function lineCount(text: string): number {
  return text.split('\n').length - 1;
}
