import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { chmod, link, lstat, mkdir, readFile, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Fault } from '../fault.ts';
import { type Account, canEnter, serverAccount } from './account.ts';

/**
 * Where a cluster lives. `folder` is ours and holds the password, the port and the log; `data` is the server's own, open
 * to nobody but its account. They are apart, because the account that runs the server need not be ours.
 */
export interface ClusterPlace {
  readonly folder: string;
  readonly data: string;
  readonly account: Account | undefined;
}

export const logFile = (place: ClusterPlace): string => join(place.folder, 'server.log');

/** Finds where the cluster of a folder lives, and makes its folders. Asked again, it gives the same place. */
export async function makePlace(folder: string): Promise<ClusterPlace> {
  const account = await serverAccount();
  if (!(await exists(folder))) {
    await mkdir(folder, { recursive: true });
    // Others may pass through to the data folder and see nothing on the way.
    await chmod(folder, account ? 0o711 : 0o700);
  }
  const own = await realpath(folder);
  const data = (await findData(own)) ?? (await placeData(own, account));
  return { folder: own, data, account };
}

/** The data folder that the folder's cluster has, be it elsewhere; nothing when there never was one. */
export async function findData(folder: string): Promise<string | undefined> {
  const own = await realpath(folder).catch(() => folder);
  const data = join(own, 'data');
  const found = await lstat(data).catch(() => undefined);
  return found?.isSymbolicLink() ? resolve(own, await readlink(data)) : found && data;
}

/** `data` beside the other files; but under a folder that the server's account cannot enter, a link to a system folder. */
async function placeData(folder: string, account: Account | undefined): Promise<string> {
  const data = join(folder, 'data');
  if (account === undefined || (await canEnter(folder, account))) return data;
  const key = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const elsewhere = join('/var/lib/tiffin', `postgres-${key}`);
  await makeOpen(elsewhere);
  await symlink(join(elsewhere, 'data'), data).catch(unlessThere);
  return join(elsewhere, 'data');
}

/** The password of the cluster; a new cluster is given one, the same to all who ask at once. */
export async function clusterPassword(place: ClusterPlace): Promise<string> {
  const file = join(place.folder, 'password');
  const known = await readPassword(file);
  if (known !== undefined) return known;
  if (await exists(join(place.data, 'PG_VERSION'))) {
    throw new Fault('unreachable', `The password of the embedded PostgreSQL is gone: ${file}.`, {
      hint: `Put it back, or move ${place.data} away to start with an empty one.`,
    });
  }
  // A link is made in one step and only once, so nobody ever reads half a password or overwrites one in use.
  const aside = `${file}.${randomUUID()}`;
  await writeFile(aside, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  await link(aside, file).catch(unlessThere);
  await rm(aside);
  return clusterPassword(place);
}

async function readPassword(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Fault('unreachable', `The embedded PostgreSQL belongs to another user: ${file} cannot be read.`, {
      cause,
    });
  }
}

/** Makes a folder, and those above it that are missing, for all to enter, whatever our umask. */
export async function makeOpen(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  for (let at = folder; first !== undefined; at = dirname(at)) {
    await chmod(at, 0o755);
    if (at === first) return;
  }
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
