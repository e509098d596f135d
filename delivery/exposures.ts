import type { Exposure, ExposuresModule, Workspace } from '#engine';
import { channelSections, loadSettings } from './config/settings.ts';
import { checkDeliver } from './edition/check-deliver.ts';
import { loadLists } from './people/lists.ts';
import { checkTables, problemsOf } from './prepare/check-tables.ts';
import { projectFacts } from './prepare/project-facts.ts';
import { allOf, queriesOf } from './prepare/queries.ts';
import { loadReports } from './report/load.ts';
import type { Report } from './report/schema.ts';
import { configureChannel } from './send/channels/table.ts';
import { checkSchedule } from './slot/check-schedule.ts';
import { ruleOf } from './slot/rule.ts';
import { type Slot, slotAskedFor } from './slot/slot.ts';

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
    const unknown = checkTables(report, anySlot(report, workspace, now), projectFacts(workspace));
    found.push(...unknown);
    // What cannot be queried has been said; its tables are then not known.
    return unknown.length > 0
      ? { name: report.name, path: report.path, reads: [], owners: report.owners }
      : exposureOf(report, workspace, now);
  });
  return { exposures, problems: found };
};

/** Which tables are read does not depend on the day. */
const anyDay = '2021-12-21';

function anySlot(report: Report, { config }: Workspace, now: Date): Slot {
  return slotAskedFor(ruleOf(report, config.calendar.timezone), anyDay, now, 'check');
}

function exposureOf(report: Report, workspace: Workspace, now: Date): Exposure {
  const project = projectFacts(workspace);
  const slot = anySlot(report, workspace, now);
  const reads = [...new Set(allOf(queriesOf(report, slot, project)).flatMap(({ sql }) => project.reads(sql)))].sort();
  return { name: report.name, path: report.path, reads, owners: report.owners };
}
