import { type Database, type Session, type Statement, sql } from '../warehouse/database.ts';
import { raw } from './stage.ts';

/**
 * A database whose statements begin with a comment, on their first line: by it people who look at a warehouse's queries
 * know whose they are. Loads and descriptions go without.
 */
export function commented(database: Database, comment: string): Database {
  const head = raw(`/* ${comment.replaceAll('*/', '')} */ `);
  const say = (statement: Statement): Statement => sql`${head}${statement}`;
  const session = (of: Session): Session => ({
    dialect: of.dialect,
    query: (statement) => of.query(say(statement)),
    stream: (statement, signal) => of.stream(say(statement), signal),
  });
  return {
    ...session(database),
    transaction: (work, how) => database.transaction((tx) => work(session(tx)), how),
    run: (statement, signal) => database.run(say(statement), signal),
    describe: (statement) => database.describe(statement),
    copyIn: (...asked) => database.copyIn(...asked),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
