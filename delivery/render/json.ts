import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '#engine';
import { type Chart, type Document, type Figure, type Table, tablesOf } from '../compose/document.ts';
import { exactText } from '../compose/present.ts';
import { openFindings, type Renderer, type Verdict } from './renderer.ts';

/** For programs: numbers as exact decimal text, dates as ISO, unknown as null, rows as objects by column. */
export function openJson(): Renderer {
  return {
    async render(document, { signal }) {
      signal.throwIfAborted();
      const bytes = new TextEncoder().encode(`${JSON.stringify(contentOf(document), undefined, 1)}\n`);
      return { kind: 'rendered', file: { bytes, mediaType: 'application/json', extension: 'json' } };
    },
    verify: async (file, document) => verifyJson(new TextDecoder().decode(file.bytes), document),
  };
}

function contentOf(document: Document) {
  const { report, slot, run, title, subtitle, madeAt, test, figures, headline, notes } = document;
  return {
    report,
    slot,
    run,
    title,
    subtitle,
    made_at: madeAt,
    test,
    figures,
    headline: headline ? figureOf(headline.title, headline.figure, undefined, headline.change?.figure) : null,
    tiles: document.blocks.flatMap((block) =>
      block.kind === 'kpis' ? block.tiles.map((tile) => figureOf(tile.title, tile.figure, tile.of, tile.change)) : [],
    ),
    charts: document.blocks.flatMap((block) => (block.kind === 'chart' ? [chartOf(block.chart)] : [])),
    tables: tablesOf(document).map(tableOf),
    notes,
  };
}

function figureOf(title: string, figure: Figure, of: Figure | undefined, change: Figure | undefined) {
  const exact = (one: Figure | undefined) => (one ? jsonCell(one.value, one.rule) : null);
  return { title, value: exact(figure), of: exact(of), change_pct: exact(change) };
}

const chartOf = ({ name, kind, title, unit, points }: Chart) => ({
  name,
  kind,
  title,
  unit: unit ?? null,
  points: points.map(({ label, value }) => ({ label, value })),
});

function tableOf(table: Table) {
  const columns = table.columns.map(({ name, title, type, unit }) => ({ name, title, type, unit: unit ?? null }));
  const object = (cells: Table['rows'][number]) =>
    Object.fromEntries(table.columns.map(({ name, rule }, at) => [name, jsonCell(cells[at] ?? null, rule)]));
  const totals = table.totals.map(({ kind, cells }) => ({ kind, ...object(cells) }));
  return { name: table.name, title: table.title, columns, rows: table.rows.map(object), totals, shown: table.shown };
}

function jsonCell(cell: Table['rows'][number][number], rule: Table['columns'][number]['rule']) {
  return cell === '' ? null : typeof cell === 'boolean' ? cell : exactText(cell, rule);
}

/** Counts rows and cells apart from the rest, so that the finding says where. */
function verifyJson(text: string, document: Document): Verdict {
  const findings = openFindings(document, 'json');
  let found: ReturnType<typeof contentOf>;
  try {
    found = JSON.parse(text);
  } catch (error) {
    findings.say('unreadable', messageOf(error));
    return findings.verdict();
  }
  const expected = JSON.parse(JSON.stringify(contentOf(document)));
  for (const [at, table] of expected.tables.entries()) {
    const other = found.tables[at];
    if (other?.rows.length !== table.rows.length)
      findings.say('row-count', `table ${table.name} has ${other?.rows.length} rows, not ${table.rows.length}`);
    for (const [row, cells] of table.rows.entries())
      if (!isDeepStrictEqual(other?.rows[row], cells)) findings.say('wrong-row', `table ${table.name}, row ${row + 1}`);
  }
  if (!isDeepStrictEqual(found, expected)) findings.say('wrong-content', 'differs from the document');
  return findings.verdict();
}
