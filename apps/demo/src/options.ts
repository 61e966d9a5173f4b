import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const CLUSTER_KINDS = ['directory', 'kubernetes'] as const;
export type ClusterKind = (typeof CLUSTER_KINDS)[number];

/** What `npm start` was asked for; every value has a flag and, where noted in the help, an environment variable. */
export interface StartOptions {
  dataDir: string;
  apiPort: number;
  gatewayPort: number;
  postgresPort: number;
  demo: boolean;
  /** What the demo clusters are. */
  clusters: ClusterKind;
  databaseUrl?: string;
  redisUrl?: string;
}

/** Outcome of reading the command line: options, a text to print (help), or every fault at once. */
export type ParsedOptions =
  { kind: 'run'; options: StartOptions } | { kind: 'help' } | { kind: 'usage'; faults: string[] };

/** The environment that counts; flags win over it. */
export interface StartEnvironment {
  ISTHMUS_DATA_DIR?: string;
  /** The folder that npm was called in: relative folders start there. */
  INIT_CWD?: string;
  ISTHMUS_PORT?: string;
  ISTHMUS_GATEWAY_PORT?: string;
  ISTHMUS_POSTGRES_PORT?: string;
  DATABASE_URL?: string;
  REDIS_URL?: string;
}

export const HELP = `npm start -- [options]      runs Isthmus on this machine, bound to the loopback only

  --data-dir DIR        where state lives: database, keys, logs, demo clusters (ISTHMUS_DATA_DIR; default .isthmus in the project)
  --port N              GraphQL API and GraphiQL (ISTHMUS_PORT; default 4000)
  --gateway-port N      agent gateway, TLS (ISTHMUS_GATEWAY_PORT; default 4443)
  --postgres-port N     embedded Postgres (ISTHMUS_POSTGRES_PORT; default 4432); not used when DATABASE_URL is set
  --clusters KIND       kind of the demo clusters: directory (default; manifests in, rendered YAML out) or
                        kubernetes (a real kube-apiserver each, out of KUBEBUILDER_ASSETS or the testbed's cache;
                        what is missing is built once if Go is there)
  --no-demo             no demo organization: an empty service
  --help                this text

  DATABASE_URL          a Postgres to use instead of the embedded one
  REDIS_URL             queue on Redis or Valkey instead of Postgres

State survives: a second start resumes where the first stopped. Ctrl-C stops everything.`;

const FLAGS = {
  'data-dir': { type: 'string' },
  port: { type: 'string' },
  'gateway-port': { type: 'string' },
  'postgres-port': { type: 'string' },
  clusters: { type: 'string' },
  'no-demo': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Flags = ReturnType<typeof readFlags>;

/** Reads flags and environment; collects every fault, decides nothing else. `defaultDataDir` is used when none is named. */
export function parseStartOptions(
  argv: readonly string[],
  env: StartEnvironment,
  defaultDataDir: string,
): ParsedOptions {
  let flags: Flags;
  try {
    flags = readFlags(argv);
  } catch (error) {
    return { kind: 'usage', faults: [error instanceof Error ? error.message : String(error)] };
  }
  if (flags.help === true) return { kind: 'help' };
  const faults: string[] = [];
  const clusters = readClusters(flags.clusters, faults);
  const ports = {
    apiPort: readPort(['--port', flags.port ?? env.ISTHMUS_PORT, 4000], faults),
    gatewayPort: readPort(['--gateway-port', flags['gateway-port'] ?? env.ISTHMUS_GATEWAY_PORT, 4443], faults),
    postgresPort: readPort(['--postgres-port', flags['postgres-port'] ?? env.ISTHMUS_POSTGRES_PORT, 4432], faults),
  };
  const dataDir = readFolder(flags['data-dir'] ?? env.ISTHMUS_DATA_DIR ?? defaultDataDir, env, faults);
  if (faults.length > 0) return { kind: 'usage', faults };
  const demo = flags['no-demo'] !== true;
  const databases = { databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL };
  return { kind: 'run', options: { dataDir, ...ports, demo, clusters, ...databases } };
}

function readClusters(kind: string | undefined, faults: string[]): ClusterKind {
  const known = CLUSTER_KINDS.find((candidate) => candidate === (kind ?? 'directory'));
  if (known === undefined) faults.push(`--clusters takes ${CLUSTER_KINDS.join(' or ')}, not "${kind ?? ''}"`);
  return known ?? 'directory';
}

function readFolder(folder: string, { INIT_CWD = '.' }: StartEnvironment, faults: string[]): string {
  if (folder === '') faults.push('--data-dir takes a folder, not an empty text');
  return resolve(INIT_CWD, folder);
}

function readPort([flag, text, fallback]: [string, string | undefined, number], faults: string[]): number {
  const value = text === undefined ? fallback : Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 65535) return value;
  faults.push(`${flag} takes a port from 1 to 65535, not "${text ?? ''}"`);
  return fallback;
}

function readFlags(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: FLAGS, strict: true, allowPositionals: false }).values;
}
