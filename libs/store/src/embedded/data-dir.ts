import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresError } from './errors.js';
import { runProgram } from './process.js';
import type { ServerUser } from './server-user.js';

export const SERVER_ROLE = 'isthmus';
const PASSWORD_FILE = 'isthmus-password';

export interface Cluster {
  /** The folder that Postgres calls PGDATA. */
  folder: string;
  password: string;
}

/** Opens the data of an earlier run, or initialises them; a half-made initialisation is never mistaken for data. */
export async function openCluster(place: string, binaries: Binaries, user: ServerUser | undefined): Promise<Cluster> {
  const folder = path.join(place, 'pgdata');
  const version = await readText(path.join(folder, 'PG_VERSION'));
  if (version === undefined) return initialise(place, binaries, user);
  if (version !== binaries.major) {
    throw new EmbeddedPostgresError(
      'VERSION_MISMATCH',
      `The data in ${folder} were made by Postgres ${version}, the installed one is ${binaries.major}: back up with the older release and restore, or choose another data folder.`,
    );
  }
  const password = await readText(path.join(folder, PASSWORD_FILE));
  if (password !== undefined) return { folder, password };
  throw new EmbeddedPostgresError(
    'START_FAILED',
    `${path.join(folder, PASSWORD_FILE)} is missing: restore it, or choose another data folder.`,
  );
}

async function initialise(place: string, binaries: Binaries, user: ServerUser | undefined): Promise<Cluster> {
  const folder = path.join(place, 'pgdata');
  const fresh = path.join(place, `pgdata.new-${process.pid}`);
  const password = randomBytes(18).toString('base64url');
  await fs.rm(fresh, { recursive: true, force: true });
  await fs.mkdir(fresh, { mode: 0o700 });
  const passwordFile = path.join(place, `password-${process.pid}`);
  await fs.writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user !== undefined) {
    await fs.chown(fresh, user.uid, user.gid);
    await fs.chown(passwordFile, user.uid, user.gid);
  }
  try {
    await initdb({ program: binaries.initdb, fresh, passwordFile, user });
    await fs.writeFile(path.join(fresh, PASSWORD_FILE), `${password}\n`, { mode: 0o600 });
    if (user !== undefined) await fs.chown(path.join(fresh, PASSWORD_FILE), user.uid, user.gid);
    await fs.rename(fresh, folder);
  } finally {
    await fs.rm(passwordFile, { force: true });
    await fs.rm(fresh, { recursive: true, force: true });
  }
  return { folder, password };
}

async function initdb(job: { program: string; fresh: string; passwordFile: string; user: ServerUser | undefined }) {
  const args = [
    `--pgdata=${job.fresh}`,
    `--username=${SERVER_ROLE}`,
    `--pwfile=${job.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
  ];
  const { code, output } = await runProgram(job.program, args, job.user);
  if (code === 0) return;
  throw new EmbeddedPostgresError('START_FAILED', `initdb failed: ${output.trim().slice(-2000)}`);
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return (await fs.readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new EmbeddedPostgresError('DATA_DIR_UNWRITABLE', `${file} cannot be read: ${(error as Error).message}`);
  }
}
