import { hashToken, newApiToken, shownPrefix, startApiServer } from '@isthmus/api';
import { createMetrics, silentLogger, systemClock } from '@isthmus/platform';
import { bootstrap } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';

/** A real API on a real, fresh database, with an administrator's token. */
export interface TestApi {
  url: string;
  token: string;
  viewerToken: string;
  close: () => Promise<void>;
}

export const postgres = await testPostgres();

/** Starts the API on a free port. */
export async function startTestApi(): Promise<TestApi> {
  const { store, url: connectionString } = await postgres.freshStore();
  await bootstrap({ connectionString, store });
  const server = await startApiServer({
    store,
    clock: systemClock,
    log: silentLogger(),
    onboarding: { gatewayUrl: 'https://gateway.example:4443', gatewayCa: () => Promise.resolve('PEM') },
    host: '127.0.0.1',
    port: 0,
    health: {
      version: '0.0.0',
      ready: { postgres: () => store.ping().then(() => undefined) },
      metrics: createMetrics('api'),
    },
  });
  const makeToken = async (role: 'admin' | 'viewer') => {
    const token = newApiToken();
    await store.mutate('default', { actor: 'user:spec', action: 'createApiToken' }, (tx) =>
      tx.tokens.create({ prefix: shownPrefix(token), hash: hashToken(token), name: role, role }),
    );
    return token;
  };
  return {
    url: `http://127.0.0.1:${server.port}`,
    token: await makeToken('admin'),
    viewerToken: await makeToken('viewer'),
    close: async () => {
      await server.close();
      await store.close();
    },
  };
}
