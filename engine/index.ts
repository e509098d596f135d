// The door `#engine`: all that delivery may use of the engine, name by name.
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
