import express from 'express';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashToken, newApiToken } from '../auth/api-token.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { plant } from './isolation.world.js';
import { tokenWith } from './roles.fixture.js';

interface Layer {
  route?: { path: string; stack: { method?: string }[] };
}

/** Method and path of everything that was mounted: paths of a router after the place where it stands. */
const mounted = new Set<string>();

function note(method: string, [path, ...handlers]: readonly unknown[]): void {
  if (typeof path !== 'string') return;
  const routers = handlers.filter((one): one is { stack: Layer[] } => typeof one === 'function' && 'stack' in one);
  for (const { stack } of routers)
    for (const { route } of stack)
      for (const { method: of } of route?.stack ?? [])
        mounted.add(`${(of ?? 'all').toUpperCase()} ${path}${route?.path}`);
  if (routers.length === 0) mounted.add(`${method} ${path}`);
}

/** Who holds a credential that counts. */
const CALLERS: readonly string[] = ['admin', 'without rights'];

/** `caller`: nobody without a credential. `public`: what anybody may know. `begin`: anybody may begin. `own`: asks for a secret of its own. */
type Kind = 'caller' | 'public' | 'begin' | 'own';

const EDGES: Readonly<Record<string, Kind>> = {
  'ALL /graphql': 'caller',
  'ALL /graphql/stream': 'caller',
  'USE /graphiql': 'public',
  'GET /console/{*address}': 'public',
  'GET /': 'public',
  'USE /v1/manifests/': 'own',
  'GET /auth/': 'own',
  'GET /auth/session': 'own',
  'GET /auth/login': 'public',
  'POST /auth/local': 'own',
  'GET /auth/login/:provider': 'begin',
  'GET /auth/callback/:provider': 'own',
  'POST /auth/back-channel/:provider': 'own',
  'POST /auth/logout': 'own',
  'POST /auth/device/code': 'begin',
  'POST /auth/token': 'own',
  'GET /auth/device': 'own',
  'POST /auth/device': 'own',
  'POST /auth/loopback': 'own',
  'GET /auth/loopback': 'own',
};

postgres.suite('edges beside GraphQL', () => {
  let api: TestApi;
  let credentials: Record<string, Record<string, string>>;
  beforeAll(async () => {
    const { use, all, get } = express.application as unknown as Record<
      'use' | 'all' | 'get',
      (...args: unknown[]) => unknown
    >;
    const watched = (method: string, original: (...args: unknown[]) => unknown) =>
      function (this: unknown, ...args: unknown[]): unknown {
        note(method, args);
        return original.apply(this, args);
      };
    Object.assign(express.application, {
      use: watched('USE', use),
      all: watched('ALL', all),
      get: watched('GET', get),
    });
    api = await startTestApi();
    Object.assign(express.application, { use, all, get });
    await plant(api.store, { org: 'default', project: 'payments', name: 'x', mark: 'zzown' });
    const revoked = newApiToken();
    await api.store.withTenant('default', async (tx) => {
      const { id } = await tx.tokens.create({ prefix: 'isth_', hash: hashToken(revoked), name: 'gone', role: 'admin' });
      await tx.tokens.revoke(id);
    });
    credentials = {
      none: {},
      unknown: { authorization: `Bearer ${newApiToken()}` },
      revoked: { authorization: `Bearer ${revoked}` },
      cookie: { cookie: `isthmus-session=${newApiToken()}` },
      'without rights': { authorization: `Bearer ${await tokenWith(api.store, 'default')}` },
      admin: { authorization: `Bearer ${api.tokens.admin}` },
    };
  });
  afterAll(() => api.close());

  it('are those that the server mounts, and no others', () => {
    const ofServer = [...mounted].filter(
      (edge) => !/^GET (env|trust proxy|etag|query parser|subdomain offset|view)/.test(edge),
    );
    expect(ofServer.sort()).toEqual(Object.keys(EDGES).sort());
  });

  /** What is wrong with an answer. */
  function faultOf(kind: Kind, who: string, { status, text }: { status: number; text: string }): string | undefined {
    if (/zz(own|foreign|other)/.test(text)) return 'shows what is stored';
    if (status >= 500) return 'fails';
    if (kind === 'caller' && !CALLERS.includes(who) && status !== 401) return 'lets somebody in';
    return kind === 'own' && status === 200 && /"(secret|access_token)"/.test(text) ? 'gives a secret' : undefined;
  }

  it.each(Object.entries(EDGES))('show nothing that is stored: %s (%s)', async (edge, kind) => {
    const [verb = '', path = ''] = edge.split(' ');
    const methods = verb === 'ALL' || verb === 'USE' ? ['GET', 'POST', 'PUT', 'DELETE'] : [verb];
    const at = `${api.url}${path.replace(':provider', 'corp').replace('{*address}', '')}`;
    const faults: string[] = [];
    for (const [who, headers] of Object.entries(credentials))
      for (const method of methods) {
        const response = await fetch(at, { method, headers, redirect: 'manual' });
        const text = `${await response.text()}${JSON.stringify([...response.headers])}`;
        const fault = faultOf(kind, who, { status: response.status, text });
        if (fault !== undefined) faults.push(`${method} ${path} as ${who} ${fault}: ${response.status}`);
      }
    expect(faults).toEqual([]);
  });
});
