import { createMetrics, silentLogger, systemClock } from '@isthmus/platform';
import { bootstrap, type Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { hashToken, newApiToken, shownPrefix } from '../auth/api-token.js';
import type { TokenRole as Role } from '../auth/roles.js';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../server/api-server.js';

export { GATEWAY_EDGES, type GatewayEdge } from '../agent-gateway/edges.js';
export { parseEnv as parseApiEnv } from '../env.js';
export { startApi } from '../start-api.js';
export { TestBrowser } from './browser.fixture.js';
export { freePort } from './free-port.fixture.js';
export { CLIENT, startIdentityProvider } from './identity-provider.fixture.js';
export type { TestProvider } from './identity-provider.fixture.js';
export { GuardSwitch, type Guards } from './isolation.fixture.js';
export { acknowledgeRevision, publishRevision } from './revision.fixture.js';
export { sloReport } from './slo-report.world.js';

export const postgres = await testPostgres();

/** Answer of one operation over HTTP. */
export interface Answer {
  status: number;
  headers: Headers;
  // Specs read many shapes; each checks its own.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: { data?: any; errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[] };
}

/** A real API on a real, fresh database. */
export interface TestApi {
  store: Store;
  server: ApiServer;
  url: string;
  tokens: Record<Role, string>;
  send: (query: string, variables?: Record<string, unknown>, role?: Role) => Promise<Answer>;
  close: () => Promise<void>;
}

async function makeToken(store: Store, role: Role): Promise<string> {
  const token = newApiToken();
  await store.mutate('default', { actor: 'user:spec', action: 'createApiToken' }, (tx) =>
    tx.tokens.create({ prefix: shownPrefix(token), hash: hashToken(token), name: `spec-${role}`, role }),
  );
  return token;
}

/** Starts the API with an admin, an editor and a viewer. */
export async function startTestApi(options: Partial<ApiServerOptions> = {}): Promise<TestApi> {
  const { store, url: connectionString } = await postgres.freshStore();
  await bootstrap({ connectionString, store });
  const server = await startApiServer({
    store,
    clock: systemClock,
    log: silentLogger(),
    statementKeys: () => Promise.resolve([]),
    onboarding: { gatewayUrl: 'https://gateway.example:4443', gatewayCa: () => Promise.resolve('PEM') },
    host: '127.0.0.1',
    port: 0,
    health: {
      version: '0.0.0',
      ready: { postgres: () => store.ping().then(() => undefined) },
      metrics: createMetrics('api'),
    },
    ...options,
  });
  const tokens = {
    viewer: await makeToken(store, 'viewer'),
    editor: await makeToken(store, 'editor'),
    admin: await makeToken(store, 'admin'),
  };
  const url = `http://127.0.0.1:${server.port}`;
  const send = async (
    query: string,
    variables: Record<string, unknown> = {},
    role: Role = 'admin',
  ): Promise<Answer> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens[role]}` };
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
  };
  const close = async (): Promise<void> => {
    await server.close();
    await store.close();
  };
  return { store, server, url, tokens, send, close };
}
