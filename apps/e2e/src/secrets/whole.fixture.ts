import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAgentEnv, readSettings, runCommand } from '@isthmus/agent';
import { CLIENT, freePort, parseApiEnv, startApi, startIdentityProvider, type TestProvider } from '@isthmus/api/spec';
import { createLogger, createMetrics, createShutdown, readKeys, systemClock, type Logger } from '@isthmus/platform';
import { createQueue } from '@isthmus/queue';
import { createStore } from '@isthmus/store';
import { fileSigner, parseEnv as parseWorkerEnv, startWorker } from '@isthmus/worker';
import type { Witness } from './witness.fixture.js';

/** API, gateway and worker as their own programs start them, an identity provider, and everything that they log. */
export interface Whole {
  home: string;
  url: string;
  gateway: string;
  idp: TestProvider;
  secretsKeys: string;
  metricsToken: string;
  /** Runs the agent of a folder with an enrolment token, until it is stopped. */
  runAgent: (token: string) => () => Promise<unknown>;
  /** Starts another API with variables that are wrong; answers what a person is told. */
  startWrongly: (variables: Record<string, string>) => Promise<string>;
  close: () => Promise<void>;
}

/** Starts them on a database, with as many secrets as there can be. */
export async function startWhole(databaseUrl: string, witness: Witness): Promise<Whole> {
  const home = await mkdtemp(join(tmpdir(), 'isthmus-secrets-'));
  const [port, gatewayPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const idp = await startIdentityProvider({ api: url });
  const logTo = (where: string): Logger =>
    createLogger(where, 'trace', { write: (line) => witness.see(`the log of the ${where}`, line) });
  const secretsKeys = randomBytes(32).toString('base64');
  const metricsToken = randomBytes(24).toString('base64url');
  const common = { DATABASE_URL: databaseUrl, DATA_DIR: join(home, 'data'), SECRETS_KEYS: `first:${secretsKeys}` };
  await writeFile(join(home, 'client-secret'), CLIENT.secret);
  await writeFile(join(home, 'sign-in.yaml'), JSON.stringify(signInFile(idp.issuer)));
  const workerLog = logTo('worker');
  const stopWorker = await startWorkerOf(common, workerLog);
  const variables = {
    ...common,
    ...{ PORT: String(port), GATEWAY_PORT: String(gatewayPort), METRICS_TOKEN: metricsToken, LOG_LEVEL: 'trace' },
    SIGN_IN_FILE: join(home, 'sign-in.yaml'),
  };
  const apiLog = logTo('API');
  const stopApi = await startApiOf(variables, apiLog);
  const gateway = `https://127.0.0.1:${gatewayPort}`;
  return {
    ...{ home, url, gateway, idp, secretsKeys, metricsToken },
    runAgent: (token) => startAgentOf({ home, gateway, token, log: logTo('agent') }),
    startWrongly: async (wrong) => {
      const free = { PORT: '0', GATEWAY_PORT: '0' };
      const told = await startApiOf({ ...variables, ...free, ...wrong }, apiLog).catch((error: unknown) =>
        textOf(error),
      );
      if (typeof told === 'string') return told;
      await told();
      throw new Error('it started');
    },
    close: async () => {
      await stopApi();
      await stopWorker();
      await idp.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** As a program tells of an error that ends it. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack ?? error.message}${error.cause === undefined ? '' : `\n${textOf(error.cause)}`}`;
}

function signInFile(issuer: string): object {
  const corp = {
    name: 'corp',
    issuer,
    clientId: CLIENT.id,
    clientSecretFile: 'client-secret',
    roles: { admins: 'Admin' },
  };
  return { providers: [corp], recheckSeconds: 1 };
}

async function startApiOf(variables: Record<string, string>, log: Logger): Promise<() => Promise<void>> {
  const parsed = parseApiEnv(variables);
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'));
  const shutdown = createShutdown({ log, exit: () => undefined });
  await startApi({ env: parsed.env, log, shutdown }).catch(async (error: unknown) => {
    await shutdown.run('failed');
    throw error;
  });
  return () => shutdown.run('done');
}

async function startWorkerOf(variables: Record<string, string>, log: Logger): Promise<() => Promise<void>> {
  const parsed = parseWorkerEnv(variables);
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'));
  const { env } = parsed;
  const signer = await fileSigner({ ...env, keys: await readKeys(env.secretKeys) });
  const store = createStore({ connectionString: env.databaseUrl, log: (event) => log.warn(event, 'store') });
  const queue = await createQueue({
    databaseUrl: env.databaseUrl,
    redisUrl: undefined,
    log: (message) => log.warn(message),
  });
  const timings = { pollMs: 100, sealMs: 200 };
  const worker = await startWorker({
    ...{ store, queue, signer, log, timings },
    ...{ clock: systemClock, registry: createMetrics('worker') },
  });
  return async () => {
    await worker.close();
    await queue.close();
    await store.close();
  };
}

function startAgentOf(of: { home: string; gateway: string; token: string; log: Logger }): () => Promise<unknown> {
  const { home, gateway, token, log } = of;
  const folder = (name: string) => join(home, 'agent', name);
  const abort = new AbortController();
  const running = (async () => {
    await mkdir(folder('manifests'), { recursive: true });
    await writeFile(folder('token'), token, { mode: 0o600 });
    await writeFile(folder('ca.pem'), await readFile(join(home, 'ca.pem'), 'utf8'));
    const flags = ['--gateway', gateway, '--token-file', folder('token'), '--ca', folder('ca.pem')];
    const env = readAgentEnv({});
    if (!env.ok) throw new Error(env.faults.join());
    const places = ['--state', folder('state'), '--manifests', folder('manifests'), '--out', folder('out')];
    const parsed = readSettings(['run', ...flags, ...places], env.env);
    if (parsed.kind !== 'settings') throw new Error(JSON.stringify(parsed));
    await runCommand({ settings: parsed.settings, env: env.env, log, signal: abort.signal });
  })();
  return async () => {
    abort.abort();
    await running;
  };
}
