import { createMetrics, silentLogger, systemClock } from '@isthmus/platform';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../server/api-server.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

const LIMITS = { organization: 100, caller: 1 / 60, windowSeconds: 1200 };

postgres.suite('two processes of the API on one database', () => {
  let api: TestApi;
  let second: ApiServer;
  beforeAll(async () => {
    api = await startTestApi({ rateLimits: LIMITS });
    second = await startApiServer({
      ...{ store: api.store, clock: systemClock, log: silentLogger(), statementKeys: () => Promise.resolve([]) },
      onboarding: { gatewayUrl: 'https://gateway.example:4443', gatewayCa: () => Promise.resolve('PEM') },
      ...{ host: '127.0.0.1', port: 0, rateLimits: LIMITS },
      health: { version: '0.0.0', ready: {}, metrics: createMetrics('api') },
    });
  });
  afterAll(async () => {
    await second.close();
    await api.close();
  });

  const ask = (url: string, token: string) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{"query":"{ viewer { role } }"}',
    });
  const urls = (): string[] => [api.url, `http://127.0.0.1:${String(second.port)}`];

  it('let one caller through as often together as one of them alone and at most once more, tell both when there is room, and others go on', async () => {
    const statuses: number[] = [];
    for (let round = 0; round < 15; round += 1)
      for (const url of urls()) {
        statuses.push((await ask(url, api.tokens.viewer)).status);
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(statuses.slice(21)).toEqual(Array.from({ length: 9 }, () => 429));
    for (const url of urls()) {
      const refused = await ask(url, api.tokens.viewer);
      expect(refused.status).toBe(429);
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(1100);
      expect(seconds).toBeLessThanOrEqual(1200);
      expect((await ask(url, api.tokens.admin)).status).toBe(200);
    }
  });

  it('keep what is over for no longer than a minute', async () => {
    const spend = (windowMs: number) =>
      api.store.withTenant('default', (tx) => tx.rates.spend([{ key: 'short', spent: 3 }], windowMs));
    expect(await spend(1)).toMatchObject([{ key: 'short', used: 3 }]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await spend(60_000)).toMatchObject([{ key: 'short', used: 3 }]);
    expect(await spend(60_000)).toMatchObject([{ key: 'short', used: 6 }]);
    expect(await api.store.withTenant('default', (tx) => tx.rates.forget())).toBe(0);
    await api.store.withTenant('default', (tx) => tx.rates.spend([{ key: 'gone', spent: 1 }], 1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await api.store.withTenant('default', (tx) => tx.rates.forget())).toBe(1);
    expect(await api.store.withTenant('default', (tx) => tx.rates.spend([], 1))).toEqual([]);
  });
});
