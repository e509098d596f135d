import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  type Config,
  didYouMean,
  type Environment,
  Fault,
  type Log,
  type Outbox,
  openLog,
  openOutbox,
  openProjectTarget,
  openState,
  type Problem,
  readCoverage,
  readWorkspace,
  type Workspace,
} from '#engine';
import { publicLinks } from './access/public-links.ts';
import type { DigestRule } from './alert/digest.ts';
import { resolveSetting } from './config/secret.ts';
import { loadSettings } from './config/settings.ts';
import { checkDeliver, type DeliverNames } from './edition/check-deliver.ts';
import type { FileStore } from './files/file-store.ts';
import { openFolderStore } from './files/folder.ts';
import { type Ledger, openLedger } from './ledger/ledger.ts';
import { type Lists, loadLists } from './people/lists.ts';
import { checkTables } from './prepare/check-tables.ts';
import type { FillTools } from './prepare/fill-slot.ts';
import type { OpenTools } from './prepare/open-slot.ts';
import { projectFacts } from './prepare/project-facts.ts';
import { defaultLimits } from './query/read-datasets.ts';
import { loadReports } from './report/load.ts';
import type { Report } from './report/schema.ts';
import type { Channel } from './send/channel.ts';
import { type ConfiguredChannel, configureChannels } from './send/channels/table.ts';
import { defaultLeases, type LaneTools, type LaneWork } from './send/send-lane.ts';
import { checkSchedule } from './slot/check-schedule.ts';

/** What preparing a slot takes, from its data to its sealing. */
export type PrepareTools = OpenTools & FillTools;

/** A project as delivery works in it: what its files say, and what is opened when it is first asked for. */
export interface House extends AsyncDisposable {
  readonly config: Config;
  /** The reports that are right; one that is not stops no other. */
  readonly reports: readonly Report[];
  /** What is wrong with the others, and warnings. */
  readonly problems: readonly Problem[];
  readonly lanes: ReadonlyMap<string, ConfiguredChannel>;
  /** Of these the ones that this process sends in; the others have senders of their own. */
  readonly ownLanes: readonly string[];
  readonly files: FileStore;
  readonly lists: Lists;
  /** When owners get their digest, and whom the daemon tells that it is well. */
  readonly digest: DigestRule | undefined;
  readonly pingUrl: string | undefined;
  /** Days for which what has ended is kept whole; undefined where it is for ever. */
  readonly retention: number | undefined;
  /** Days that are looked back at for restatements. */
  readonly restatedDays: number;
  /** Where the public listener listens; undefined where the project has no public URL. */
  readonly publicListen: { readonly host: string; readonly port: number } | undefined;
  /** Domains that tests may send to. */
  readonly testDomains: readonly string[];
  readonly log: Log;
  readonly now: () => Date;
  /** This process, unlike any other: who holds lanes and leases. */
  readonly owner: string;
  /** A report by name. Throws `Fault` invalid with what is wrong with it, or with the nearest name. */
  report(name: string): Report;
  ledger(): Promise<Ledger>;
  /** What the engine has for owners. */
  outbox(): Promise<Outbox>;
  channel(lane: string): Channel;
  prepareTools(): Promise<PrepareTools>;
}

export interface HouseOptions {
  /** Where the command was called: the project is there or above. */
  readonly folder: string;
  readonly environment: Environment;
  readonly target: string | undefined;
  readonly signal: AbortSignal;
  /** Name of the log under var/log. */
  readonly logName: string;
  /** The lanes to send in; without it all but those that TIFFIN_SENDERS names. */
  readonly ownLanes?: readonly string[];
  /** The time; the machine's when it is not given. */
  readonly now?: () => Date;
}

/** Reads and checks a project. Throws `Fault` invalid with every problem of its settings and people. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { environment, signal, now = () => new Date() } = options;
  const workspace = readWorkspace(options.folder, environment, options.target);
  const { config } = workspace;
  const { root } = config;
  const settings = await loadSettings(root);
  const lists = await loadLists(root, settings.recipients);
  const lanes = configureChannels(settings);
  const { reports, problems } = await loadChecked(workspace, { channels: [...lanes.keys()], lists: [...lists.keys()] });
  const files = openFolderStore(root, settings.files.path);
  const closing = new AsyncDisposableStack();

  const state = once(async () => closing.use(await openState(root, config.stateUrl, { signal })));
  const ledger = once(async () => openLedger(await state(), config.targetName));
  const outbox = once(async () => openOutbox(await state(), config.targetName));
  const prepareTools = once(async (): Promise<PrepareTools> => {
    const warehouse = closing.use(await openProjectTarget(config, { signal }));
    // Loaded only here: they bring half a second of libraries that most commands never need.
    const [{ openRenderers }, { openPress }] = await Promise.all([
      import('./render/renderers.ts'),
      import('./prepare/printing.ts'),
    ]);
    const press = openPress(closing.use(openRenderers()));
    return {
      ...(await ledger()),
      warehouse,
      press,
      project: projectFacts(workspace),
      lists,
      lanes,
      limits: defaultLimits,
      files,
      coverage: () => readCoverage(workspace, warehouse),
      now,
    };
  });
  const channels = new Map<string, Channel>();
  const publicUrl =
    settings.public_url === undefined ? undefined : resolveSetting(settings.public_url, 'public_url', environment);
  const links = publicLinks(publicUrl, async () => (await ledger()).secret);

  return {
    config,
    reports,
    problems,
    lanes,
    ownLanes: options.ownLanes ?? withoutSenders([...lanes.keys()], environment),
    files,
    lists,
    digest: settings.digest === undefined ? undefined : { at: settings.digest, timezone: config.calendar.timezone },
    pingUrl: settings.ping === undefined ? undefined : resolveSetting(settings.ping, 'ping', environment),
    retention: settings.retention === undefined ? undefined : Number.parseInt(settings.retention, 10),
    restatedDays: Number.parseInt(settings.restated, 10),
    publicListen: publicUrl === undefined ? undefined : listenOf(settings.public_listen),
    testDomains: settings.test_domains,
    log: openLog(root, options.logName),
    now,
    owner: `${hostname()}/${process.pid}/${randomUUID()}`,
    report(name) {
      const found = reports.find((report) => report.name === name);
      if (found) return found;
      const wrong = problems.filter(({ file }) => file.startsWith(join('reports', name, '/')));
      if (wrong.length > 0) throw new Fault('invalid', `the report ${name} is not right`, { problems: wrong });
      const hint = didYouMean(
        name,
        reports.map((report) => report.name),
      );
      throw new Fault('invalid', `there is no report "${name}"`, hint ? { hint } : {});
    },
    ledger,
    outbox,
    prepareTools,
    channel(lane) {
      const open = channels.get(lane);
      if (open) return open;
      const configured = lanes.get(lane);
      if (configured === undefined) throw new Fault('invalid', `there is no channel "${lane}" in project.yml any more`);
      const webhook = publicUrl === undefined ? {} : { webhook: `${publicUrl.replace(/\/+$/, '')}/w/${lane}` };
      const session = async () => (await ledger()).session(lane);
      const channel = closing.use(configured.open({ files, links, ...webhook, session, root, env: environment }));
      channels.set(lane, channel);
      return channel;
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** What sending in a lane takes; `slotId` limits it to one slot's parts. */
export async function laneTools(
  house: House,
  lane: string,
  slotId?: string,
): Promise<{ readonly work: LaneWork; readonly tools: LaneTools }> {
  const ledger = (await house.ledger()).sending;
  const parallel = house.lanes.get(lane)?.parallel ?? 1;
  const { owner, log } = house;
  return {
    work: { lane, owner, parallel, ...(slotId === undefined ? {} : { slotId }) },
    tools: { ledger, channel: house.channel(lane), log, leases: defaultLeases, now: house.now },
  };
}

/** The reports that are right, and every problem. */
async function loadChecked(workspace: Workspace, names: DeliverNames) {
  const { config } = workspace;
  const project = projectFacts(workspace);
  const loaded = await loadReports(config.root, undefined, config.holidays);
  const now = new Date();
  const checked = loaded.reports.map((report) => {
    const found = [
      ...checkDeliver(report, names),
      ...checkSchedule(report, config.calendar.timezone, now),
      ...checkTables(report, project),
    ];
    return { report, found };
  });
  const right = checked.filter(({ found }) => found.every(({ severity }) => severity !== 'error'));
  return {
    reports: right.map(({ report }) => report),
    problems: [...loaded.problems, ...checked.flatMap(({ found }) => found)],
  };
}

/** The lanes without those that a `delivery sender` sends in: TIFFIN_SENDERS has their names, with commas. */
function withoutSenders(lanes: readonly string[], environment: Environment): string[] {
  const elsewhere = (environment['TIFFIN_SENDERS'] ?? '').split(',').map((name) => name.trim());
  for (const name of elsewhere.filter((one) => one !== '' && !lanes.includes(one))) {
    const hint = didYouMean(name, lanes);
    throw new Fault('invalid', `TIFFIN_SENDERS: there is no channel "${name}" in project.yml`, hint ? { hint } : {});
  }
  return lanes.filter((lane) => !elsewhere.includes(lane));
}

function listenOf(text: string): { readonly host: string; readonly port: number } {
  const split = text.lastIndexOf(':');
  return { host: text.slice(0, split).replace(/^\[|\]$/g, ''), port: Number(text.slice(split + 1)) };
}

/** Does something at the first call and hands out its result at every other; a failure is tried again. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opening: Promise<T> | undefined;
  return () => {
    opening ??= open().catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
}
