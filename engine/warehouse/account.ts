import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../fault.ts';

/** An account of this machine that a server may run as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Reads `/etc/passwd` text. PostgreSQL wants an account with an entry there, so a bare number would not do. */
export function parsePasswd(text: string): Account[] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 7)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

/**
 * The account the server has to run as: PostgreSQL refuses root, so root hands it to `postgres` or `nobody`. Nothing for
 * everybody else: they run it as themselves. Throws `Fault` invalid when root finds neither account.
 */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = parsePasswd(await readFile('/etc/passwd', 'utf8'));
  const found = ['postgres', 'nobody']
    .map((name) => accounts.find((account) => account.name === name))
    .find((account) => account !== undefined && account.uid !== 0);
  if (found) return found;
  throw new Fault('invalid', 'The embedded PostgreSQL does not run as root, and there is no account to run it as.', {
    hint: 'Run as another user, or create one: useradd --system postgres',
  });
}

/** May the account enter this folder, and every folder above it? Looks at permission bits alone, not at access lists. */
export async function canEnter(folder: string, account: Account): Promise<boolean> {
  let at = await realpath(folder);
  for (;;) {
    const { uid, gid, mode } = await stat(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    const above = dirname(at);
    if (above === at) return true;
    at = above;
  }
}
