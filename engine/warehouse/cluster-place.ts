import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { chmod, link, lstat, mkdir, readFile, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Fault } from '../fault.ts';
import { type Account, canEnter, serverAccount } from './account.ts';

/**
 * Where a cluster lives. `folder` is ours and holds the password, the port, the log; `data` is the server's own folder,
 * readable by nobody but its account. They are apart, because the account that runs the server need not be ours.
 */
export interface ClusterPlace {
  readonly folder: string;
  readonly data: string;
  readonly account: Account | undefined;
  readonly log: string;
}

/** Settles where the cluster of a folder lives, and makes the folder. Asked again, it gives the same place. */
export async function clusterPlace(folder: string): Promise<ClusterPlace> {
  const account = await serverAccount();
  const existed = await exists(folder);
  await mkdir(folder, { recursive: true });
  // Others may pass through to the data folder and see nothing on the way.
  if (!existed) await chmod(folder, account ? 0o711 : 0o700);
  const own = await realpath(folder);
  return { folder: own, data: await dataFolder(own, account), account, log: join(own, 'server.log') };
}

/**
 * `data` beside the other files; but under a folder that the server's account cannot enter (a root home), a link to a
 * folder of the system. What is there already stays where it is, whatever the permissions say today.
 */
async function dataFolder(folder: string, account: Account | undefined): Promise<string> {
  const data = join(folder, 'data');
  const found = await lstat(data).catch(() => undefined);
  if (found) return found.isSymbolicLink() ? resolve(folder, await readlink(data)) : data;
  if (account === undefined || (await canEnter(folder, account))) return data;
  const key = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const elsewhere = join('/var/lib/tiffin', `postgres-${key}`);
  await mkdir(elsewhere, { recursive: true, mode: 0o755 });
  await symlink(join(elsewhere, 'data'), data).catch(unlessThere);
  return join(elsewhere, 'data');
}

/** The password of the cluster; a new cluster is given one, the same to everybody who asks at once. */
export async function clusterPassword(place: ClusterPlace): Promise<string> {
  const file = join(place.folder, 'password');
  const read = () => readFile(file, 'utf8').then((text) => text.trim());
  try {
    return await read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') {
      throw new Fault('unreachable', `The embedded PostgreSQL belongs to another user: ${file} cannot be read.`, {
        cause: error,
      });
    }
  }
  if (await exists(join(place.data, 'PG_VERSION'))) {
    throw new Fault('unreachable', `The password of the embedded PostgreSQL is gone: ${file}.`, {
      hint: `Put it back, or move ${place.data} away to start with an empty one.`,
    });
  }
  // A link is made in one step and only once, so that nobody ever reads half a password or overwrites one in use.
  const aside = `${file}.${randomUUID()}`;
  await writeFile(aside, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  await link(aside, file).catch(unlessThere);
  await rm(aside);
  return read();
}

/** Is there such a path, be it a link that leads nowhere? */
export const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
