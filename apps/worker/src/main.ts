import {
  createLogger,
  createMetrics,
  createShutdown,
  readKeys,
  startHealthServer,
  systemClock,
  type Logger,
} from '@isthmus/platform';
import { createQueue } from '@isthmus/queue';
import { createStore } from '@isthmus/store';
import { readEnv, type WorkerEnv } from './env.js';
import { fileSigner } from './signer/file-signer.js';
import { startWorker } from './start-worker.js';

const VERSION = '0.1.0';

async function run(env: Readonly<WorkerEnv>, log: Logger): Promise<void> {
  const shutdown = createShutdown({ log });
  shutdown.listen();
  const registry = createMetrics('worker');
  const signer = await fileSigner({ ...env, keys: await readKeys(env.secretKeys) });
  const store = createStore({
    connectionString: env.databaseUrl,
    applicationName: 'isthmus-worker',
    poolSize: env.concurrency * 2 + 4,
    log: (event) => log.warn(event, 'store'),
  });
  shutdown.onShutdown('store', () => store.close());
  const queue = await createQueue({
    databaseUrl: env.databaseUrl,
    redisUrl: env.redisUrl,
    log: (message) => log.warn({ queue: message }, 'queue'),
  });
  shutdown.onShutdown('queue', () => queue.close());
  const worker = await startWorker({
    store,
    queue,
    signer,
    clock: systemClock,
    log,
    registry,
    concurrency: env.concurrency,
    ownerWaitMs: env.ownerWaitMs,
  });
  shutdown.onShutdown('worker', () => worker.close());
  if (env.health !== undefined) {
    const ready = { store: async () => store.ping().then(() => undefined) };
    const health = await startHealthServer(env.health, { version: VERSION, ready, metrics: registry });
    shutdown.onShutdown('health', () => health.close());
  }
  log.info({ concurrency: env.concurrency, queue: env.redisUrl === undefined ? 'postgres' : 'redis' }, 'worker is up');
}

const settings = readEnv();
if (settings.ok) {
  const log = createLogger('worker', settings.env.logLevel);
  run(settings.env, log).catch((error: unknown) => {
    log.fatal({ err: error }, 'the worker could not start');
    process.exitCode = 1;
    process.exit();
  });
} else {
  process.stderr.write(
    `the worker cannot start with these settings:\n${settings.faults.map((fault) => `  ${fault}\n`).join('')}`,
  );
  process.exitCode = 1;
}
