import type { Session } from './database.ts';

/** What our sessions are called on a server, so that those of a dead run can be told and ended. At most 63 bytes. */
export const sessionTag = (project: string, runId: string): string => `tiffin ${project.slice(0, 20)} ${runId}`;

/** Ends the sessions of these names, whatever they do: their open transactions are rolled back. Returns how many. */
export async function endSessions(session: Session, tags: readonly string[]): Promise<number> {
  if (tags.length === 0) return 0;
  const { sessionsCalled, endSession } = session.dialect;
  const found = await session.query<{ pid: number }>(sessionsCalled(tags));
  for (const { pid } of found) await session.query(endSession(pid));
  return found.length;
}
