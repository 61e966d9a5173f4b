import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './errors.js';

const run = promisify(execFile);

/** Whom the server runs as: undefined = as we are. Postgres refuses to run as root. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/** As root: the `postgres` user, made when absent, or `nobody` where users cannot be made. */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const known = await lookUp('postgres');
  if (known !== undefined) return known;
  await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    'postgres',
  ]).catch(() => undefined);
  const user = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (user !== undefined) return user;
  throw new EmbeddedPostgresError(
    'NO_USER',
    'Postgres does not run as root, and neither a `postgres` nor a `nobody` user is there or can be made: run as another user, or set DATABASE_URL.',
  );
}

async function lookUp(name: string): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/** Whether the user can reach what lies in `directory`: every folder above must let it pass. Folders that do not exist yet are skipped. */
export async function canTraverse(user: ServerUser | undefined, directory: string): Promise<boolean> {
  if (user === undefined) return true;
  for (let current = path.resolve(directory); ; current = path.dirname(current)) {
    const stat = await fs.stat(current).catch(() => undefined);
    if (stat !== undefined && !letsPass(user, stat)) return false;
    if (path.dirname(current) === current) return true;
  }
}

function letsPass(user: ServerUser, stat: { uid: number; gid: number; mode: number }): boolean {
  if (stat.uid === user.uid) return (stat.mode & 0o100) !== 0;
  if (stat.gid === user.gid) return (stat.mode & 0o010) !== 0;
  return (stat.mode & 0o001) !== 0;
}
