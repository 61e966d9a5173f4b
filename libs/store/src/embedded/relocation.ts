import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedPostgresError } from './errors.js';
import { canTraverse, type ServerUser } from './server-user.js';

const BASES = ['/var/lib/isthmus', '/var/tmp/isthmus'];
const MARKER = 'relocated.json';

/** A folder of root's that the server's user can reach, for what it cannot reach where it is. */
export async function reachableBase(user: ServerUser, bases: readonly string[] = BASES): Promise<string> {
  for (const base of bases) {
    if (await isOurs(base, user)) return base;
  }
  throw new EmbeddedPostgresError(
    'DATA_DIR_UNWRITABLE',
    `The server's user (uid ${user.uid}) cannot reach the data folder, and none of ${bases.join(', ')} can be used instead: choose another data folder, or set DATABASE_URL.`,
  );
}

/** Nobody else may have made it: /var/tmp is open to all. */
async function isOurs(base: string, user: ServerUser): Promise<boolean> {
  try {
    await openFolder(base);
    return await canTraverse(user, base);
  } catch {
    return false;
  }
}

/** A folder of root's that others may pass through, whatever the umask is. Throws when it is somebody else's, or a link. */
async function openFolder(folder: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  const stat = await fs.lstat(folder);
  if (!stat.isDirectory() || stat.uid !== 0) throw new Error(`${folder} is not a folder of root's`);
  await fs.chmod(folder, 0o755);
}

/**
 * Where the data lie: in `dataDir`, or, when the server's user cannot reach that, in a folder named by a marker in it.
 * Deleting `dataDir` therefore starts afresh, and the next start removes what the lost marker named.
 */
export async function placeData(dataDir: string, user: ServerUser | undefined): Promise<string> {
  await fs.mkdir(path.dirname(path.resolve(dataDir)), { recursive: true });
  await fs.mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (user === undefined) return dataDir;
  if (await canTraverse(user, path.dirname(path.resolve(dataDir)))) {
    await fs.chown(dataDir, user.uid, user.gid);
    return dataDir;
  }
  const base = path.join(await reachableBase(user), 'data');
  await openFolder(base);
  const name = await relocatedName(dataDir, base);
  const target = path.join(base, name);
  await fs.mkdir(target, { recursive: true, mode: 0o700 });
  await fs.chown(target, user.uid, user.gid);
  return target;
}

async function relocatedName(dataDir: string, base: string): Promise<string> {
  const owner = createHash('sha256').update(path.resolve(dataDir)).digest('hex').slice(0, 16);
  const marker = path.join(dataDir, MARKER);
  const known = await readMarker(marker);
  const name = known?.startsWith(`${owner}-`) === true ? known : `${owner}-${randomBytes(6).toString('hex')}`;
  for (const entry of await fs.readdir(base)) {
    if (entry.startsWith(`${owner}-`) && entry !== name)
      await fs.rm(path.join(base, entry), { recursive: true, force: true });
  }
  await fs.writeFile(marker, JSON.stringify({ name, path: path.join(base, name) }), { mode: 0o600 });
  return name;
}

async function readMarker(file: string): Promise<string | undefined> {
  try {
    const content: unknown = JSON.parse(await fs.readFile(file, 'utf8'));
    const name = typeof content === 'object' && content !== null && 'name' in content ? content.name : undefined;
    return typeof name === 'string' && /^[0-9a-f]{16}-[0-9a-f]{12}$/.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}
