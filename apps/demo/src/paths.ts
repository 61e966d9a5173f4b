import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that this program runs from. */
export const PROJECT_ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** Where state lives unless --data-dir says otherwise. */
export const DEFAULT_DATA_DIR = join(PROJECT_ROOT, '.isthmus');

/** Programs that `npm start` runs, each in a process of its own. */
export const PROGRAMS = {
  api: join(PROJECT_ROOT, 'apps', 'api', 'dist', 'main.js'),
  worker: join(PROJECT_ROOT, 'apps', 'worker', 'dist', 'main.js'),
  agent: join(PROJECT_ROOT, 'agent', 'dist', 'main.js'),
} as const;

/** What builds the programs of real clusters. */
export const BUILD_SCRIPT = join(PROJECT_ROOT, 'testbed', 'build.sh');

/** The bundle that the demo organization is made from. */
export const DEMO_BUNDLE = join(PROJECT_ROOT, 'examples', 'bookinfo');

/** Where everything lies under the data folder. */
export interface DataPaths {
  logs: string;
  postgres: string;
  adminToken: string;
  /** Address of the embedded Postgres, with its password. */
  databaseUrl: string;
  /** Data of the real clusters' etcd. */
  etcd: string;
  /** One folder a demo cluster: manifests, rendered, state; of a real one kubernetes, state. */
  clusters: string;
  /** Exists once the demo organization was made, so that a second start does not undo what people changed. */
  seeded: string;
}

/** The layout of a data folder. */
export function dataPaths(dataDir: string): DataPaths {
  return {
    logs: join(dataDir, 'logs'),
    postgres: join(dataDir, 'postgres'),
    etcd: join(dataDir, 'etcd'),
    adminToken: join(dataDir, 'admin-token'),
    databaseUrl: join(dataDir, 'database-url'),
    clusters: join(dataDir, 'clusters'),
    seeded: join(dataDir, 'demo-seeded'),
  };
}
