import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  createMetrics,
  type KeyEncryption,
  type Logger,
  readKeys,
  type Shutdown,
  systemClock,
} from '@isthmus/platform';
import { bootstrap, createStore, DEFAULT_ORGANIZATION, migrate, type Store } from '@isthmus/store';
import { createAgentGateway, fileKeyStore, fileStatementKeys } from './agent-gateway/index.js';
import { bootstrapAdmin } from './auth/bootstrap-admin.js';
import { sealerFromFile } from './auth/sealer.js';
import { NO_SIGN_IN, readSignInSettings } from './auth/sign-in-settings.js';
import type { ApiEnv } from './env.js';
import { type PersistedDocuments, readPersistedDocuments } from './graphql/persisted-documents.js';
import { listenError } from './listen-error.js';
import { startApiServer } from './server/api-server.js';
import type { SignInOptions } from './server/sign-in-doors.js';
import { CONSOLE_DOCUMENTS } from './server/web-console.js';
import { VERSION } from './version.js';

interface Start {
  env: ApiEnv;
  log: Logger;
  shutdown: Shutdown;
}

/** Starts database access, the agent gateway and GraphQL, in this order; what was started is closed in reverse. */
export async function startApi({ env, log, shutdown }: Start): Promise<void> {
  const keys = await readKeys(env.secretKeys);
  const signIn = await signInOf(env, keys);
  const store = await openStore(env, log);
  shutdown.onShutdown('store', () => store.close());
  const admin = await bootstrapAdmin(store, {
    ...{ org: DEFAULT_ORGANIZATION, file: env.adminTokenFile },
    now: systemClock.now(),
  });
  log.info({ file: admin.file }, admin.outcome === 'created' ? 'first admin token written' : 'admin token exists');
  const metrics = createMetrics('isthmus-api');
  const statementKeys = fileStatementKeys(env.gateway.statementKeysFile);
  const gateway = await createAgentGateway({
    store,
    log: log.child({ part: 'gateway' }),
    clock: systemClock,
    keys: fileKeyStore(env.gateway.keysDir, keys),
    statementKeys,
    host: env.gateway.host,
    port: env.gateway.port,
    serverNames: env.gateway.names,
    gatewayId: randomUUID(),
    metrics,
  }).catch(listenError('agent gateway', { ...env.gateway, variables: 'GATEWAY_HOST and GATEWAY_PORT' }));
  shutdown.onShutdown('gateway', () => gateway.close());
  const server = await startApiServer({
    store,
    log,
    clock: systemClock,
    host: env.host,
    port: env.port,
    statementKeys,
    onboarding: { gatewayUrl: env.gateway.url, gatewayCa: () => Promise.resolve(gateway.caPem) },
    health: {
      version: VERSION,
      ready: { postgres: () => store.ping().then(() => undefined) },
      metrics,
      ...(env.metricsToken === undefined ? {} : { metricsToken: env.metricsToken }),
    },
    corsOrigins: env.corsOrigins,
    bodyLimitBytes: env.bodyLimitBytes,
    timeoutMs: env.timeoutMs,
    signIn,
    rateLimits: env.rateLimits,
    documents: documentsOf(env.documents),
  }).catch(listenError('GraphQL', { ...env, variables: 'HOST and PORT' }));
  shutdown.onShutdown('graphql', () => server.close());
  log.info({ url: `http://${env.host}:${server.port}/graphql`, gatewayPort: gateway.port }, 'API listens');
}

async function signInOf(
  { signIn: { file, keyFile, publicUrl } }: ApiEnv,
  keys: KeyEncryption | undefined,
): Promise<SignInOptions> {
  const settings = file === undefined ? { ...NO_SIGN_IN, publicUrl } : await readSignInSettings(file, publicUrl);
  return { settings, sealer: await sealerFromFile(keyFile, keys) };
}

/** Those of the console that this API serves are always known. */
function documentsOf({ file, policy }: ApiEnv['documents']): PersistedDocuments {
  const ofConsole = existsSync(CONSOLE_DOCUMENTS) ? [CONSOLE_DOCUMENTS] : [];
  return readPersistedDocuments(file === undefined ? ofConsole : [file, ...ofConsole], policy);
}

async function openStore(env: ApiEnv, log: Logger): Promise<Store> {
  if (env.migrate) {
    const { applied } = await migrate({ connectionString: env.databaseUrl, log: (line) => log.info(line) });
    log.info({ applied: applied.length }, 'database has the newest schema');
  }
  const store = createStore({
    connectionString: env.databaseUrl,
    poolSize: env.databasePool,
    statementTimeoutMs: env.statementTimeoutMs,
    applicationName: 'isthmus-api',
    log: (event) => log.warn(event, 'store'),
  });
  try {
    const known = await store.system.organizations();
    if (!known.some(({ id }) => id === DEFAULT_ORGANIZATION))
      await bootstrap({ connectionString: env.databaseUrl, store });
    return store;
  } catch (error) {
    await store.close();
    throw new Error(
      'The database cannot be used. Is DATABASE_URL right, and was it migrated (MIGRATE=1 or --migrate)?',
      {
        cause: error,
      },
    );
  }
}
