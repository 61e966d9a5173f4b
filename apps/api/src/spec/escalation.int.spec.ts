import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ScopeRef } from '@isthmus/store';
import { hashToken, newApiToken, shownPrefix } from '../auth/api-token.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { ask, fillWorld, grantOf, tokenWith, type GrantText } from './roles.fixture.js';

const HOUR_MS = 3_600_000;
const ORG = '{kind: ORGANIZATION}';
const ERROR = 'error { code issues { code path } }';

postgres.suite('more than one holds', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ recheckMs: 300 });
    await fillWorld(api.store, 'default');
  });
  afterAll(() => api.close());

  const as = async (grant: GrantText, query: string) =>
    ask(api.url, await tokenWith(api.store, 'default', grant), query);
  /** A token that holds a role until a time. */
  const tokenUntil = async (expiresAt: Date, ...grants: GrantText[]) => {
    const secret = newApiToken();
    const id = await api.store.mutate('default', { actor: 'user:spec', action: 'createApiToken' }, async (tx) => {
      const head = { prefix: shownPrefix(secret), hash: hashToken(secret), name: 'for a while', role: 'none' };
      const made = await tx.tokens.create(head);
      for (const text of grants)
        await tx.roleBindings.put({
          ...{ ...grantOf(text), expiresAt, createdBy: 'user:spec' },
          subject: { kind: 'TOKEN', id: made.id },
        });
      return made.id;
    });
    return { id, secret };
  };
  const grant = (role: string, subject: string, { scope = ORG, until }: { scope?: string; until?: Date } = {}) =>
    `mutation { it: grantRole(input: {${subject}, role: "${role}", scope: ${scope}${
      until === undefined ? '' : `, expiresAt: "${until.toISOString()}"`
    }}) { ok { id } ${ERROR} } }`;
  const toGroup = (name: string) => `subjectKind: GROUP, subject: "${name}"`;
  const role = (name: string, ...permissions: string[]) =>
    `mutation { it: putCustomRole(input: {name: "${name}", permissions: ${JSON.stringify(permissions)}}) { ok { name } ${ERROR} } }`;
  const apiToken = (days: number) =>
    `mutation { it: createApiToken(input: {name: "long", role: ADMIN, expiresInDays: ${days}}) { ok { secret } ${ERROR} } }`;

  describe('for longer than one holds it oneself', () => {
    const end = new Date(Date.now() + 36 * HOUR_MS);
    const tooLong = (path: string) => ({ ok: null, error: { code: 'INVALID', issues: [{ code: 'ISM0577', path }] } });
    let me: { id: string; secret: string };
    let program = '';
    beforeAll(async () => {
      me = await tokenUntil(end, 'Owner');
      await as('Owner', role('narrow', 'Cluster.read'));
      program = await api.store.withTenant('default', async (tx) => {
        const made = await tx.serviceAccounts.create({
          name: 'deployer',
          description: '',
          role: '',
          createdBy: 'spec',
        });
        return made?.id ?? '';
      });
    });
    const serviceToken = (days: number) =>
      `mutation { it: createServiceAccountToken(input: {serviceAccountId: "${program}", name: "ci", role: "Viewer", expiresInDays: ${days}}) { ok { secret } ${ERROR} } }`;
    const mine = async (query: string) => (await ask(api.url, me.secret, query)).data?.it as object;

    it('is nobody’s to give: not to oneself, a group or a program, nor by a role that is widened or a token', async () => {
      const toMyself = `subjectKind: TOKEN, subject: "${me.id}"`;
      const later = new Date(end.getTime() + 1);
      const tried: [string, string][] = [
        [grant('Owner', toMyself), 'expiresAt'],
        [grant('Owner', toMyself, { until: later }), 'expiresAt'],
        [grant('Viewer', toGroup('corp:all'), { until: later }), 'expiresAt'],
        [grant('Viewer', toGroup('corp:all'), { scope: '{kind: PROJECT, name: "payments"}' }), 'expiresAt'],
        [grant('Viewer', `subjectKind: SERVICE_ACCOUNT, subject: "${program}"`), 'expiresAt'],
        [role('fresh', 'Cluster.read'), 'permissions'],
        [role('narrow', 'Cluster.read', 'roles.manage'), 'permissions'],
        [apiToken(2), 'expiresInDays'],
        [serviceToken(2), 'expiresInDays'],
      ];
      for (const [mutation, path] of tried)
        expect({ mutation, it: await mine(mutation) }).toEqual({ mutation, it: tooLong(path) });
      const bindings = await api.store.withTenant('default', (tx) => tx.roleBindings.list());
      expect(bindings.filter(({ subject }) => subject.id === me.id).map(({ expiresAt }) => expiresAt)).toEqual([end]);
    });

    it('may be given for as long, and roles may be changed that get no wider', async () => {
      for (const mutation of [
        grant('Viewer', toGroup('corp:all'), { until: end }),
        role('narrow', 'Cluster.read'),
        apiToken(1),
        serviceToken(1),
      ])
        expect({ mutation, it: await mine(mutation) }).toMatchObject({ mutation, it: { error: null } });
    });

    it('keeps no stream open: it is cut when the right ends, though another one stays', async () => {
      const { id, secret } = await tokenUntil(new Date(Date.now() + 1500), 'Owner');
      await api.store.withTenant('default', (tx) =>
        tx.roleBindings.put({
          ...{ ...grantOf('Viewer'), expiresAt: undefined, createdBy: 'user:spec' },
          subject: { kind: 'TOKEN', id },
        }),
      );
      const client = createClient({
        url: `${api.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: { authorization: `Bearer ${secret}` },
      });
      const cut = client
        .iterate({ query: 'subscription { clusterChanged { uid } }' })
        .next()
        .catch((error: { code?: number }) => error.code);
      expect(await cut).toBe(4403);
      expect((await ask(api.url, secret, '{ viewer { grants { role } } }')).data.viewer.grants).toEqual([
        { role: 'Viewer' },
      ]);
    });

    it('is given by who holds the same without end beside it, where that is held', async () => {
      const { id, secret } = await tokenUntil(end, 'Owner');
      await api.store.withTenant('default', (tx) =>
        tx.roleBindings.put({
          ...{ ...grantOf('Admin@PROJECT:payments'), expiresAt: undefined, createdBy: 'user:spec' },
          subject: { kind: 'TOKEN', id },
        }),
      );
      const at = { scope: '{kind: PROJECT, name: "payments"}' };
      const given = await ask(api.url, secret, grant('Editor', toGroup('corp:payments'), at));
      expect(given.data?.it.error).toBeNull();
      expect((await ask(api.url, secret, grant('Owner', toGroup('corp:payments'), at))).data?.it).toEqual(
        tooLong('expiresAt'),
      );
      expect((await ask(api.url, secret, grant('Editor', toGroup('corp:payments')))).data?.it).toEqual(
        tooLong('expiresAt'),
      );
    });
  });

  describe('by who manages roles or tokens and nothing else', () => {
    beforeAll(async () => {
      await as('Owner', role('steward', 'viewer.read', 'roles.read', 'roles.manage', 'Cluster.read'));
      await as('Owner', role('minter', 'viewer.read', 'tokens.manage'));
    });

    it.each([
      ['steward', role('steward', 'roles.manage', 'Cluster.read', 'Cluster.delete'), 'Cluster.delete'],
      ['steward', grant('Viewer', toGroup('corp:mine')), 'inventory.read'],
      ['steward', grant('minter', toGroup('corp:mine')), 'tokens.manage'],
      ['steward', 'mutation { it: createServiceAccount(input: {name: "mine"}) { ok { id } } }', 'tokens.manage'],
      ['steward@PROJECT:payments', role('steward', 'Cluster.read'), 'roles.manage'],
      ['minter', apiToken(1), 'inventory.read'],
      ['minter', grant('minter', toGroup('corp:mine')), 'roles.manage'],
      [
        'minter@PROJECT:payments',
        'mutation { it: createServiceAccount(input: {name: "mine"}) { ok { id } } }',
        'tokens.manage',
      ],
    ])('is refused: %s, %s', async (who, mutation, lacking) => {
      const { errors } = await as(who, mutation);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
      // Which of the lacking ones is named first is the order of the table.
      if (!mutation.includes('ADMIN')) expect(errors?.[0]?.extensions['permission']).toBe(lacking);
    });

    it('learns nothing of projects by asking for tokens there', async () => {
      const made = await as('Owner', 'mutation { it: createServiceAccount(input: {name: "probe"}) { ok { id } } }');
      const token = (project: string) =>
        `mutation { it: createServiceAccountToken(input: {serviceAccountId: "${made.data?.it.ok.id}", name: "ci", role: "Viewer", project: "${project}"}) { error { message } } }`;
      const [there, nowhere] = [await as('minter', token('hush-search')), await as('minter', token('nowhere'))];
      expect(there.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
      expect(
        JSON.stringify(there.errors?.[0])
          .replaceAll('hush-search', 'nowhere')
          .replace(/"requestId":"[^"]*"/, ''),
      ).toBe(JSON.stringify(nowhere.errors?.[0]).replace(/"requestId":"[^"]*"/, ''));
    });
  });

  describe('by what has the name of something that is gone', () => {
    const specs = {
      Project: {},
      GlobalNamespace: { domain: 'again.example', members: [{ services: { names: ['cart'] } }] },
      ClusterGroup: { clusters: { matchLabels: { region: 'eu' } } },
    };
    it.each<[keyof typeof specs, ScopeRef]>([
      ['Project', { kind: 'PROJECT', name: 'again' }],
      ['GlobalNamespace', { kind: 'GLOBAL_NAMESPACE', name: 'payments/again' }],
      ['ClusterGroup', { kind: 'CLUSTER_GROUP', name: 'again' }],
    ])('is nobody’s: neither grants nor tokens for a %s count for the next one', async (kind, scope) => {
      const project = kind === 'GlobalNamespace' ? 'payments' : '';
      const make = () =>
        api.store.mutate('default', { actor: 'user:spec', action: 'applyResources' }, (tx) =>
          tx.resources.put({ kind, project, name: 'again', spec: specs[kind] }),
        );
      await make();
      const granted = await tokenWith(api.store, 'default', `Viewer@${scope.kind}:${scope.name}`);
      const scoped = newApiToken();
      if (scope.kind !== 'CLUSTER_GROUP') {
        const { kind: scopeKind, name } = scope;
        const head = { prefix: shownPrefix(scoped), hash: hashToken(scoped), name: 'scoped', role: 'viewer' };
        await api.store.withTenant('default', (tx) => tx.tokens.create({ ...head, scopeKind: scopeKind, scope: name }));
      }
      const seen = async (token: string) =>
        (await ask(api.url, token, '{ resources(first: 9) { nodes { name } } }')).data?.resources?.nodes.map(
          (one: { name: string }) => one.name,
        );
      expect(await seen(granted)).toContain('again');
      if (scope.kind !== 'CLUSTER_GROUP') expect(await seen(scoped)).toContain('again');
      const key = `kind: ${kind}, name: "again"${project === '' ? '' : `, project: "${project}"`}`;
      const gone = await as('Owner', `mutation { it: deleteResource(input: {${key}}) { error { message } } }`);
      expect(gone.data?.it.error).toBeNull();
      await make();
      expect(await seen(granted)).toBeUndefined();
      expect(await seen(scoped)).toBeUndefined();
    });
  });
});
