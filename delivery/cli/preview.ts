import { join, relative } from 'node:path';
import { type Call, didYouMean, Fault } from '#engine';
import type { Edition } from '../edition/edition.ts';
import { writeDurably } from '../files/folder.ts';
import { completeUntil, decideGate, showBehind } from '../gate/decide.ts';
import { openComposing, openVariants, writeMessage } from '../prepare/compose-edition.ts';
import { factsOfMaking } from '../prepare/content.ts';
import { fileName } from '../prepare/make-files.ts';
import { daysNeeded } from '../prepare/open-slot.ts';
import { modelsRead, queriesOf } from '../prepare/queries.ts';
import { type PlannedEdition, planEditions, readSlot } from '../prepare/read-slot.ts';
import { refusalOf, rightOrThrow } from '../prepare/refusal.ts';
import { type Format, formats } from '../report/schema.ts';
import { ruleOf } from '../slot/rule.ts';
import { slotAskedFor } from '../slot/slot.ts';
import { dateOption, dateUsage, dayOf, houseOf, reportOf, targetOption, targetUsage, textOf } from './options.ts';

export const usage = `REPORT [--date D] [--edition KEY | --all] [--recipient ID] [--format F] [--target T]

Puts the files of a slot and the texts that would go with them into var/preview/<report>/<slot>. Sends nothing.
A file that does not say what the data says is kept there as "REFUSED ...", to be looked at.
${dateUsage}
  --edition KEY  only this edition; by default the first ten
  --all          every edition
  --recipient ID    only this person's texts, and the files in their locale
  --format F     only this format: ${formats.join(', ')}
${targetUsage}`;
export const options = {
  ...dateOption,
  ...targetOption,
  format: { type: 'string' },
  edition: { type: 'string' },
  all: { type: 'boolean' },
  recipient: { type: 'string' },
} as const;
export const positionals = 1;
export const examples = ['preview daily_sales --date 2022-02-28', 'preview loan_letter --edition L00042 --format pdf'];
export const exits = { 1: 'a file was refused, or could not be made', 3: 'not all of the data is there' };

export async function run(call: Call): Promise<number> {
  await using house = await houseOf(call);
  const report = reportOf(call, house);
  const wanted = formatOf(textOf(call, 'format'));
  const recipient = textOf(call, 'recipient');
  const now = new Date();
  const rule = ruleOf(report, house.config.calendar.timezone);
  const slot = slotAskedFor(rule, dayOf(call, report, house, now), now, 'preview');
  const tools = await house.prepareTools();
  const queries = queriesOf(report, slot, tools.project);
  const need = { models: modelsRead(queries, tools.project), days: daysNeeded(report, slot) };
  const coverage = await tools.coverage();
  const decision = decideGate(need, coverage, now);
  const behind = decision.kind === 'open' ? undefined : showBehind(decision.behind);
  if (behind) call.note(`not all of the data is there: ${behind}; "engine run" builds it`);

  const made = { run: 'preview', at: now, dataUntil: completeUntil(need, coverage) };
  const reading = readSlot(tools, report, queries, call.signal);
  // A table that was never built is what was said already.
  const rows = await reading.catch((error: unknown) => {
    if (behind && isMissingTable(error)) return undefined;
    throw error;
  });
  if (rows === undefined) {
    call.answer({ report: report.name, slot: slot.id, files: [] });
    return 3;
  }
  const compose = openComposing(tools, report, slot, factsOfMaking(report, tools.project, made));
  const planned = [...planEditions(report, rows, tools)];
  if (recipient !== undefined) refuseStranger(recipient, planned);
  const asked = editionsAsked(rows.editions, textOf(call, 'edition'), call.values['all'] === true);
  const keys = new Set(asked.map(({ key }) => key));
  const editions = planned.filter(({ edition }) => keys.has(edition.key));
  const [drawn, all] = [editions.length, planned.length];
  const folder = join(house.config.root, 'var', 'preview', report.name, slot.id.replaceAll(/[/:]/g, '-'));
  const written: { path: string; bytes: number }[] = [];
  const write = async (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    await writeDurably(path, bytes);
    written.push({ path: relative(house.config.root, path), bytes: bytes.byteLength });
    call.print(relative(process.cwd(), path));
  };
  for (const { edition, own, messages } of editions) {
    const variant = openVariants(compose, edition, own);
    const worded = messages.map((message) => writeMessage(report, variant(message.locale), message));
    // Files as the one person reads them who was asked for.
    const composed = variant(messages.find((message) => message.recipient.id === recipient)?.locale);
    for (const format of wanted ? [wanted] : report.formats) {
      const printed = await composed.print(format, call.signal);
      if (printed.kind === 'wrong') {
        const name = `REFUSED ${fileName(composed.title, slot, edition, printed.extension)}`;
        await write(name, printed.bytes);
        const [first] = printed.problems;
        throw refusalOf(printed, edition, format, `The first that differs: ${first?.message}. Look at "${name}".`);
      }
      const { bytes, extension } = rightOrThrow(printed, edition, format);
      await write(fileName(composed.title, slot, edition, extension), bytes);
    }
    for (const { entry, recipient: person, subject, text, caption } of worded) {
      if (wanted || (recipient !== undefined && person.id !== recipient)) continue;
      const name = [entry, ...(report.for_each ? [edition.key] : []), person.id].join('-');
      const words = `Subject: ${subject}\n\n${text}\n\nCaption: ${caption}\n`;
      await write(`${name.replaceAll('/', '-')}.txt`, new TextEncoder().encode(words));
    }
  }
  if (drawn < all && textOf(call, 'edition') === undefined)
    call.note(`${drawn} of ${all} editions are drawn; --edition KEY draws one, --all all of them`);
  call.answer({ report: report.name, slot: slot.id, editions: { drawn, all }, files: written });
  return behind ? 3 : 0;
}

/** `undefined_table` and `invalid_schema_name` of PostgreSQL. */
function isMissingTable(error: unknown): boolean {
  return error instanceof Fault && /\[(42P01|3F000)\]/.test(error.message);
}

function refuseStranger(recipient: string, planned: readonly PlannedEdition[]): void {
  const known = new Set(
    planned.flatMap(({ messages, leftOut }) => [
      ...messages.map((one) => one.recipient.id),
      ...leftOut.map((one) => one.recipient),
    ]),
  );
  if (known.has(recipient)) return;
  const hint = didYouMean(recipient, known);
  throw new Fault('invalid', `"${recipient}" is not among the slot's recipients`, hint ? { hint } : {});
}

function editionsAsked(editions: readonly Edition[], key: string | undefined, all: boolean): readonly Edition[] {
  if (key === undefined) return all ? editions : editions.slice(0, 10);
  const found = editions.filter((edition) => edition.key === key);
  if (found.length > 0) return found;
  const hint = didYouMean(
    key,
    editions.map((edition) => edition.key),
  );
  throw new Fault('invalid', `there is no edition "${key}"`, hint ? { hint } : {});
}

function formatOf(word: string | undefined): Format | undefined {
  if (word === undefined) return undefined;
  const format = formats.find((one) => one === word);
  if (format) return format;
  const hint = didYouMean(word, formats);
  throw new Fault('invalid', `there is no format "${word}"`, hint ? { hint } : {});
}
