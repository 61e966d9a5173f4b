import { access, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { holderOf, makeFolder } from './folder-lock.js';
import { programsFault } from './kubernetes/programs.js';
import type { StartOptions } from './options.js';
import { dataPaths } from './paths.js';

/** Everything that would make the start fail, each with the flag that changes it; empty when all is well. */
export async function preflight(options: StartOptions): Promise<string[]> {
  const holder = await holderOf(options.dataDir);
  if (holder !== undefined) {
    return [
      `Isthmus already runs on ${options.dataDir} (process ${holder}): stop it, or choose another folder with --data-dir DIR`,
    ];
  }
  const ports: [string, string, number][] = [
    ['the API', '--port', options.apiPort],
    ['the agent gateway', '--gateway-port', options.gatewayPort],
  ];
  if (options.databaseUrl === undefined) ports.push(['the embedded Postgres', '--postgres-port', options.postgresPort]);
  const busy = await Promise.all(ports.map((port) => portFault(...port)));
  const faults = [
    await directoryFault(options.dataDir),
    ...(options.demo ? [await clustersFault(options)] : []),
    ...busy,
    ...samePortFaults(ports),
  ];
  return faults.filter((fault): fault is string => fault !== undefined);
}

async function clustersFault({ dataDir, clusters }: StartOptions): Promise<string | undefined> {
  const { seeded, etcd } = dataPaths(dataDir);
  const made = (await exists(etcd)) ? 'kubernetes' : 'directory';
  if ((await exists(seeded)) && made !== clusters) {
    return `ISM0707 the demo in ${dataDir} was made with --clusters ${made}: start with that, or choose another folder with --data-dir DIR`;
  }
  return clusters === 'kubernetes' ? programsFault() : undefined;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function samePortFaults(ports: readonly [string, string, number][]): string[] {
  return ports.flatMap(([what, flag, port], index) =>
    ports
      .slice(0, index)
      .filter((earlier) => earlier[2] === port)
      .map((earlier) => `${what} and ${earlier[0]} were both given port ${port}: choose another one with ${flag} N`),
  );
}

async function directoryFault(dataDir: string): Promise<string | undefined> {
  try {
    await makeFolder(dataDir);
    const probe = join(dataDir, `.writable-${process.pid}`);
    await writeFile(probe, '');
    await rm(probe);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `cannot write to the data folder ${dataDir} (${reason}): choose another one with --data-dir DIR`;
  }
}

function portFault(what: string, flag: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be opened (${error.message})`;
      resolve(`port ${port} for ${what} ${reason}: choose another one with ${flag} N`);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(undefined);
      });
    });
  });
}
