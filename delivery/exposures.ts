import { z } from 'zod';
import type { ExposuresModule, Problem, Workspace } from '#engine';
import { loadSettings } from './config/settings.ts';
import { checkDeliver } from './edition/check-deliver.ts';
import { loadLists, recipientsSchema } from './people/lists.ts';
import { columnsAsked } from './prepare/check-columns.ts';
import { checkTables, problemsOf, queriesAsked, tablesRead } from './prepare/check-tables.ts';
import { projectFacts } from './prepare/project-facts.ts';
import { calendarSchema } from './report/calendar.ts';
import { loadReports } from './report/load.ts';
import { rulesSchema } from './report/rules.ts';
import { type Report, reportSchema, wordsSchema } from './report/schema.ts';
import { checkSchedule } from './slot/check-schedule.ts';

/** JSON Schemas of a report's file and of what reports share, for `engine schema` and editors. */
export const fileSchemas: NonNullable<ExposuresModule['fileSchemas']> = () => {
  const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return {
    report: schemaOf(reportSchema),
    formats: schemaOf(rulesSchema),
    recipients: schemaOf(recipientsSchema),
    calendar: schemaOf(calendarSchema),
    words: schemaOf(wordsSchema),
  };
};

/** Lists the reports of a project for `engine check`, `ls` and lineage: what `exposures:` of project.yml names. */
export const listExposures: ExposuresModule['listExposures'] = async (workspace, { thorough } = { thorough: true }) => {
  const { config } = workspace;
  const { reports, problems } = await loadReports(config.root, undefined, config.holidays);
  const found = [...problems];
  if (thorough) found.push(...(await settingProblems(workspace, reports)));
  const project = projectFacts(workspace);
  const exposures = reports.map((report) => {
    const unknown = checkTables(report, project);
    found.push(...unknown);
    // What cannot be queried has been said; its tables are then not known.
    const reads = unknown.length > 0 ? [] : tablesRead(report, project);
    const queries = unknown.length > 0 ? [] : queriesAsked(report, project);
    const { name, path, owners } = report;
    return { name, path, reads, owners, queries, columns: columnsAsked(report) };
  });
  return { exposures, problems: found };
};

/** What is wrong between the reports and the settings: channels, lists, schedules. Takes longer than reading the reports. */
async function settingProblems({ config }: Workspace, reports: readonly Report[]): Promise<Problem[]> {
  const found: Problem[] = [];
  // Loaded only here: a list of reports needs no channels.
  const { configureChannels } = await import('./send/channels/table.ts');
  try {
    const settings = await loadSettings(config.root);
    const channels = [...configureChannels(settings).keys()];
    const lists = [...(await loadLists(config.root, settings.recipients)).keys()];
    for (const report of reports) found.push(...checkDeliver(report, { channels, lists }));
  } catch (error) {
    found.push(...problemsOf(error, 'project.yml'));
  }
  const now = new Date();
  for (const report of reports) found.push(...checkSchedule(report, config.calendar.timezone, now));
  return found;
}
