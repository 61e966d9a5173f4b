import { createLogger, createShutdown, letMainThreadGoFirst } from '@isthmus/platform';
import { readEnv } from './env.js';
import { startApi } from './start-api.js';

const settings = readEnv();
if (!settings.ok) {
  process.stderr.write(`isthmus-api cannot start:\n${settings.faults.map((fault) => `  ${fault}\n`).join('')}`);
  process.exit(64);
}
const log = createLogger('isthmus-api', settings.env.logLevel);
const later = letMainThreadGoFirst();
log.debug({ later }, 'the thread that answers goes before so many others');
const shutdown = createShutdown({ log });
shutdown.listen();

try {
  await startApi({ env: settings.env, log, shutdown });
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  process.stderr.write(`isthmus-api cannot start: ${error instanceof Error ? error.message : String(error)}${cause}\n`);
  log.debug({ err: error }, 'start failed');
  process.exit(1);
}
