import { type Exposure, type ExposuresModule, Fault, messageOf, type Problem, type Workspace } from '#engine';
import { channelSections, loadSettings } from './config/settings.ts';
import { checkDeliver } from './edition/check-deliver.ts';
import { loadLists } from './people/lists.ts';
import { projectFacts } from './prepare/project-facts.ts';
import { allOf, queriesOf } from './prepare/queries.ts';
import { loadReports } from './report/load.ts';
import type { Report } from './report/schema.ts';
import { configureChannel } from './send/channels/table.ts';
import { checkSchedule } from './slot/check-schedule.ts';
import { ruleOf } from './slot/rule.ts';
import { slotAskedFor } from './slot/slot.ts';

/** Lists the reports of a project for `engine check`, `ls` and lineage: what `exposures:` of project.yml names. */
export const listExposures: ExposuresModule['listExposures'] = async (workspace) => {
  const { config } = workspace;
  const { reports, problems } = await loadReports(config.root);
  const found = [...problems];
  try {
    const settings = await loadSettings(config.root);
    const channels = channelSections(settings).map((section) => configureChannel(section).name);
    const lists = [...(await loadLists(config.root, settings.recipients)).keys()];
    for (const report of reports) found.push(...checkDeliver(report, { channels, lists }));
  } catch (error) {
    found.push(...problemsOf(error, 'project.yml'));
  }
  const now = new Date();
  const exposures = reports.map((report) => {
    found.push(...checkSchedule(report, config.calendar.timezone, now));
    try {
      return exposureOf(report, workspace, now);
    } catch (error) {
      found.push(...problemsOf(error, report.path));
      return { name: report.name, path: report.path, reads: [], owners: report.owners };
    }
  });
  return { exposures, problems: found };
};

function exposureOf(report: Report, workspace: Workspace, now: Date): Exposure {
  const project = projectFacts(workspace);
  // Any day will do: which tables are read does not depend on it.
  const slot = slotAskedFor(ruleOf(report, project.timezone), '2021-12-21', now, 'check');
  const reads = [...new Set(allOf(queriesOf(report, slot, project)).flatMap(({ sql }) => project.reads(sql)))].sort();
  return { name: report.name, path: report.path, reads, owners: report.owners };
}

function problemsOf(error: unknown, file: string): readonly Problem[] {
  if (!(error instanceof Fault) || error.code !== 'invalid') throw error;
  if (error.problems.length > 0) return error.problems;
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return [{ file, ...error.place, severity: 'error', code: 'delivery', message: messageOf(error), ...hint }];
}
