// The door `#engine`: all that delivery may use of the engine, name by name.
export {
  type Call,
  type Command,
  type Entry,
  type Options,
  type Program,
  runProgram,
  type Values,
} from './cli/program.ts';
export { csvText, showCount, showDuration, textTable } from './cli/table.ts';
export { type Config, type Environment, findRoot, loadConfig } from './config/config.ts';
export { didYouMean, nearest } from './config/nearest.ts';
export { type PlaceOf, parseYaml, type Read } from './config/yaml.ts';
export {
  exitCodeOf,
  Fault,
  type FaultCode,
  messageOf,
  type Place,
  type Problem,
  showFault,
  showPlace,
  showProblem,
} from './fault.ts';
export { type Log, openLog, silentLog } from './log/log.ts';
export { type Coverage, type DayRange, readCoverage } from './run/coverage.ts';
export type { Exposure } from './run/exposure.ts';
export type { ExposuresModule } from './run/exposures.ts';
export { localQuery, rewritesFor } from './run/local-models.ts';
export { openProjectTarget } from './run/open-project-target.ts';
export { openWorkspace, readWorkspace, type Workspace } from './run/workspace.ts';
export { openOutbox } from './schedule/outbox.ts';
export type { Outbox, UnsentNotice } from './schedule/port.ts';
export { readReferences } from './sql/references.ts';
export { type Calendar, type Duration, parseDuration } from './time/grain.ts';
export {
  civilDayAt,
  instantOf,
  isTimeZone,
  parseDay,
  showDay,
  startOfDay,
  wallTimeAt,
  weekdayOf,
} from './time/zone.ts';
export {
  type ColumnKind,
  type Database,
  type ResultColumn,
  type Row,
  type Session,
  type Statement,
  sql,
  type TransactionOptions,
} from './warehouse/database.ts';
export { type OpenOptions, openState, openTarget, type Target } from './warehouse/open.ts';
export { classify, type ErrorClass, type SqlError, sqlErrorOf, sqlStateOf } from './warehouse/sql-error.ts';
