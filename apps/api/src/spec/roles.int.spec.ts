import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeId } from '../graphql/node-id.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { ask, fillWorld, tokenWith, type GrantText } from './roles.fixture.js';

const LISTS = `
  all: resources(first: 100) { totalCount nodes { name kind viewerCanUpdate viewerCanDelete } }
  names: resources(first: 1, orderBy: {field: NAME, direction: DESC}) { nodes { name } pageInfo { hasNextPage endCursor } }
  issues { totalCount nodes { message resource { name } } }
  holds { totalCount }`;

postgres.suite('roles that are granted on parts of an organization', () => {
  let api: TestApi;
  let uids: Map<string, string>;
  const tokens = new Map<string, string>();
  beforeAll(async () => {
    api = await startTestApi();
    uids = await fillWorld(api.store, 'default');
  });
  afterAll(() => api.close());

  const tokenOf = async (...grants: GrantText[]): Promise<string> => {
    const key = grants.join(' ');
    const token = tokens.get(key) ?? (await tokenWith(api.store, 'default', ...grants));
    tokens.set(key, token);
    return token;
  };
  const as = async (grant: GrantText, query: string) => ask(api.url, await tokenOf(grant), query);
  const names = async (...grants: GrantText[]): Promise<string[]> => {
    const { data } = await ask(api.url, await tokenOf(...grants), `{ ${LISTS} }`);
    const found = (data.all.nodes as { name: string }[]).map(({ name }) => name);
    expect(data.all.totalCount).toBe(found.length);
    return found.sort();
  };
  const refused = (permission: string, scope?: string) => ({
    errors: [{ extensions: { code: 'FORBIDDEN', permission, ...(scope === undefined ? {} : { scope }) } }],
  });

  describe('reading', () => {
    it('is refused to a token whose role nobody knows', async () => {
      const { errors } = await ask(api.url, await tokenOf(), '{ resources { totalCount } viewer { actor } }');
      expect(errors?.map(({ extensions }) => extensions['code'])).toContain('FORBIDDEN');
    });

    it('of a project shows what is in it, by count and cursor too', async () => {
      expect(await names('Viewer@PROJECT:payments')).toEqual(['cart', 'of-both', 'of-shop', 'payments', 'shop']);
      const { data } = await as('Viewer@PROJECT:payments', `{ ${LISTS} }`);
      expect(data.names.nodes).toEqual([{ name: 'shop' }]);
      expect(JSON.stringify(data)).not.toContain('hush');
    });

    it('of a global namespace shows it, and policies that name it and no other', async () => {
      expect(await names('Viewer@GLOBAL_NAMESPACE:payments/shop')).toEqual(['of-shop', 'shop']);
    });

    it('of two global namespaces shows policies that name both', async () => {
      const both = ['Viewer@GLOBAL_NAMESPACE:payments/shop', 'Viewer@GLOBAL_NAMESPACE:payments/cart'];
      expect(await names(...both)).toEqual(['cart', 'of-both', 'of-shop', 'shop']);
    });

    it('of a cluster group shows it and its clusters', async () => {
      expect(await names('Operator@CLUSTER_GROUP:eu')).toEqual(['east', 'eu']);
    });

    it('of the organization shows everything', async () => {
      expect(await names('Viewer')).toHaveLength(13);
    });

    it('by id, by name and by node answers nothing where nothing is granted', async () => {
      const ids = [
        'GlobalNamespace/hush-index',
        'Cluster/hush-west',
        'EncryptionPolicy/hush-lock',
        'Project/hush-search',
      ].map((key) => nodeId(key.split('/')[0] as 'Cluster', uids.get(key) ?? ''));
      const query = `{
        nodes(ids: ${JSON.stringify([...ids, nodeId('Revision', uids.get('GlobalNamespace/hush-index') ?? '', 1)])}) { __typename }
        globalNamespace(name: "hush-index", project: "hush-search") { name }
        resource(kind: Cluster, name: "hush-west") { name }
      }`;
      for (const grant of [
        'Owner@PROJECT:payments',
        'Owner@GLOBAL_NAMESPACE:payments/shop',
        'Owner@CLUSTER_GROUP:eu',
      ]) {
        const { data, errors } = await as(grant, query);
        expect(errors).toBeUndefined();
        expect(data).toEqual({ nodes: [null, null, null, null, null], globalNamespace: null, resource: null });
      }
    });

    it('of the audit log of a project shows its changes and no seals', async () => {
      const { data } = await as('Auditor@PROJECT:payments', '{ auditLog(first: 100) { nodes { name projectName } } }');
      expect(new Set(data.auditLog.nodes.map((one: { projectName: string }) => one.projectName))).toEqual(
        new Set(['payments']),
      );
      expect(await as('Auditor@PROJECT:payments', '{ auditSeals { totalCount } }')).toMatchObject(
        refused('audit.read', 'the organization'),
      );
    });

    it('of tokens is no matter of a project', async () => {
      expect(await as('Owner@PROJECT:payments', '{ apiTokens { totalCount } }')).toMatchObject(
        refused('tokens.manage', 'the organization'),
      );
    });
  });

  describe('writing', () => {
    const put = (project: string, name: string, targets: string) => `mutation {
      putTrafficPolicy(input: {name: "${name}", project: "${project}", dryRun: true,
        spec: {targets: [${targets}], timeout: {request: "1s"}}}) { ok { dryRun } error { message issues { code message } } } }`;

    it('is refused in another project, with the permission and the place', async () => {
      expect(await as('Developer@PROJECT:payments', put('hush-search', 'slow', '{scope: PROJECT}'))).toMatchObject(
        refused('TrafficPolicy.write', 'project hush-search'),
      );
    });

    it('is refused for the whole organization to those who hold a project', async () => {
      expect(await as('Owner@PROJECT:default', put('default', 'slow', '{scope: ORGANIZATION}'))).toMatchObject(
        refused('TrafficPolicy.write', 'the organization'),
      );
    });

    it('is refused for a project to those who hold a global namespace of it', async () => {
      expect(
        await as('Owner@GLOBAL_NAMESPACE:payments/shop', put('payments', 'slow', '{scope: PROJECT}')),
      ).toMatchObject(refused('TrafficPolicy.write', 'project payments'));
    });

    it('is refused of what is there by what it would become, and by what it is', async () => {
      const stolen = `mutation { putEncryptionPolicy(input: {name: "of-both", project: "payments", dryRun: true,
        spec: {mode: "DISABLE", targets: [{globalNamespace: "shop"}]}}) { ok { dryRun } } }`;
      expect(await as('Security@GLOBAL_NAMESPACE:payments/shop', stolen)).toMatchObject(
        refused('EncryptionPolicy.write', 'global namespace payments/cart'),
      );
    });

    it('is allowed where it is granted, and shows nothing of others', async () => {
      const answer = await as('Developer@PROJECT:payments', put('payments', 'slow', '{scope: PROJECT}'));
      expect(answer.data?.putTrafficPolicy).toMatchObject({ ok: { dryRun: true } });
      expect(JSON.stringify(answer)).not.toContain('hush');
    });

    it('of clusters is refused in a group where it makes one, or moves one into other groups', async () => {
      const cluster = (name: string, region: string) => `mutation { putCluster(input: {name: "${name}", dryRun: true,
        labels: [{name: "region", value: "${region}"}], spec: {mesh: {kind: "istio"}}}) { ok { dryRun } } }`;
      for (const [name, region] of [
        ['new', 'eu'],
        ['east', 'us'],
      ] as const)
        expect(await as('Operator@CLUSTER_GROUP:eu', cluster(name, region))).toMatchObject({
          errors: [{ extensions: { code: 'FORBIDDEN', permission: 'Cluster.write' } }],
        });
      const same = await as('Operator@CLUSTER_GROUP:eu', cluster('east', 'eu'));
      expect(same.data?.putCluster.ok).toEqual({ dryRun: true });
    });

    it('of agents reaches the clusters of the group', async () => {
      const enrol = (name: string) => `mutation { createEnrolmentToken(input: {cluster: "${name}"}) {
        ok { cluster { name } } error { code message } } }`;
      const other = await as('Operator@CLUSTER_GROUP:eu', enrol('hush-west'));
      const none = await as('Operator@CLUSTER_GROUP:eu', enrol('nowhere'));
      expect(other.data?.createEnrolmentToken.error.code).toBe('NOT_FOUND');
      expect(JSON.stringify(other).replaceAll('hush-west', '')).toBe(JSON.stringify(none).replaceAll('nowhere', ''));
      const own = await as('Operator@CLUSTER_GROUP:eu', enrol('east'));
      expect(own.data?.createEnrolmentToken.ok).toEqual({ cluster: { name: 'east' } });
    });

    it('says in each resource what the caller may do with it', async () => {
      const { data } = await as(
        'Developer@PROJECT:payments',
        '{ resources(kinds: [GlobalNamespace, EncryptionPolicy]) { nodes { kind viewerCanUpdate viewerCanDelete } } }',
      );
      for (const { kind, ...can } of data.resources.nodes)
        expect(can).toEqual({ viewerCanUpdate: kind === 'GlobalNamespace', viewerCanDelete: false });
    });
  });

  describe('granting', () => {
    const person = async (subject: string): Promise<string> => {
      const identity = { provider: 'spec', issuer: 'https://login.example', subject };
      const claims = { name: subject, email: undefined, groups: [] };
      return (await api.store.withTenant('default', (tx) => tx.accounts.signIn(identity, claims))).id;
    };
    const grant = (
      role: string,
      scope: string,
      ...[subject = 'ada', kind = 'USER']: string[]
    ) => `mutation { grantRole(input: {
      subjectKind: ${kind}, subject: "${subject}", role: "${role}", scope: ${scope}}) {
      ok { id role scope { kind name } } error { code issues { code } } } }`;
    const ORG = '{kind: ORGANIZATION}';

    it.each([
      ['Admin', grant('Owner', ORG), 'breakGlass.manage'],
      ['Admin', 'mutation { createApiToken(input: {name: "up", role: ADMIN}) { ok { secret } } }', 'breakGlass.manage'],
      ['Viewer', grant('Viewer', ORG), 'roles.manage'],
      ['Admin@PROJECT:payments', grant('Viewer', ORG), 'roles.manage'],
      ['Admin@PROJECT:payments', grant('Viewer', '{kind: PROJECT, name: "hush-search"}'), 'roles.manage'],
      [
        'Admin@PROJECT:payments',
        'mutation { putCustomRole(input: {name: "mine", permissions: ["Cluster.read"]}) { ok { name } } }',
        'roles.manage',
      ],
      [
        'Admin',
        'mutation { putCustomRole(input: {name: "mine", permissions: ["breakGlass.manage"]}) { ok { name } } }',
        'breakGlass.manage',
      ],
    ])('of more than one holds is refused: %s, %s', async (who, mutation, permission) => {
      expect(await as(who, mutation)).toMatchObject(refused(permission));
    });

    it.each([
      [grant('admin', ORG), 'ISM0980'],
      [grant('Viewer', '{kind: PROJECT, name: "nowhere"}'), 'ISM0983'],
      [grant('Viewer', ORG, ' '), 'ISM0986'],
      [grant('Viewer', ORG, 'ada'), 'ISM0986'],
      [grant('Viewer', ORG, 'deployer', 'SERVICE_ACCOUNT'), 'ISM0986'],
      [grant('Viewer', ORG, 'ci', 'TOKEN'), 'ISM0986'],
      [
        'mutation { grantRole: putCustomRole(input: {name: "owner", permissions: ["Cluster.read"]}) { error { issues { code } } } }',
        'ISM0982',
      ],
      [
        'mutation { grantRole: putCustomRole(input: {name: "x", permissions: ["Cluster.fly"]}) { error { issues { code } } } }',
        'ISM0981',
      ],
    ])('of what is not there is refused: %s', async (mutation, code) => {
      const { data } = await as('Owner', mutation);
      expect(data?.grantRole.error.issues).toEqual([{ code }]);
    });

    it('counts at once, is told to auditors, and goes with what it was on', async () => {
      await as('Owner', 'mutation { putProject(input: {name: "short", spec: {}}) { ok { dryRun } } }');
      const bob = await person('bob');
      const { data } = await as('Owner', grant('Developer', '{kind: PROJECT, name: "short"}', bob));
      expect(data?.grantRole.ok).toMatchObject({ role: 'Developer', scope: { kind: 'PROJECT', name: 'short' } });
      const seen = await as('Auditor', `{ roleBindings(subject: "${bob}") { nodes { role } } }`);
      expect(seen.data?.roleBindings.nodes).toEqual([{ role: 'Developer' }]);
      const hidden = await as('Auditor@PROJECT:payments', '{ roleBindings(first: 100) { nodes { scope { name } } } }');
      expect(JSON.stringify(hidden)).not.toContain('short');
      await as('Owner', 'mutation { deleteResource(input: {kind: Project, name: "short"}) { ok { dryRun } } }');
      const gone = await as(
        'Auditor',
        `{ roleBindings(subject: "${bob}") { nodes { role } } auditLog(filter: {subjectKind: "RoleBinding"}) { nodes { action } } }`,
      );
      expect(gone.data?.roleBindings.nodes).toEqual([]);
      expect(gone.data?.auditLog.nodes.map((one: { action: string }) => one.action)).toEqual([
        'deleteResource',
        'grantRole',
      ]);
    });

    it('to a token takes the id that tokens are shown with, until it is revoked', async () => {
      const made = await as(
        'Owner',
        'mutation { createApiToken(input: {name: "shown", role: VIEWER}) { ok { secret apiToken { id } } } }',
      );
      const { secret, apiToken } = made.data?.createApiToken.ok as { secret: string; apiToken: { id: string } };
      const toToken = grant('Developer', '{kind: PROJECT, name: "payments"}', apiToken.id, 'TOKEN');
      expect((await as('Owner', toToken)).data?.grantRole.error).toBeNull();
      const can = '{ canI(permission: "SloPolicy.write", at: {project: "payments"}) }';
      expect((await ask(api.url, secret, can)).data).toEqual({ canI: true });
      await as('Owner', `mutation { revokeApiToken(input: {tokenId: "${apiToken.id}"}) { ok { id } } }`);
      expect((await as('Owner', toToken)).data?.grantRole.error.issues).toEqual([{ code: 'ISM0986' }]);
    });

    it('keeps the last Owner, also from one that would only end', async () => {
      const owner = await tokenOf('Owner');
      const root = await person('root');
      const second = await person('second');
      const { data } = await ask(api.url, owner, grant('Owner', ORG, root));
      const live = await api.store.withTenant('default', (tx) => tx.tokens.list());
      const admins = live.filter(({ role }) => role === 'admin').map(({ id }) => id);
      await api.store.withTenant('default', async (tx) => {
        for (const id of admins) await tx.tokens.revoke(id);
      });
      const revoke = `mutation { revokeRole(input: {bindingId: "${data?.grantRole.ok.id}"}) { ok { role } error { code issues { code } } } }`;
      const last = { error: { code: 'REFUSED', issues: [{ code: 'ISM0984' }] }, ok: null };
      expect((await ask(api.url, owner, revoke)).data?.revokeRole).toEqual(last);
      const ending = grant('Owner', `${ORG}, expiresAt: "2999-01-01T00:00:00Z"`, root);
      expect((await ask(api.url, owner, ending)).data?.grantRole).toEqual(last);
      await ask(api.url, owner, grant('Owner', ORG, second));
      await api.store.withTenant('default', (tx) => tx.accounts.disable(second, 'user:spec'));
      expect((await ask(api.url, owner, revoke)).data?.revokeRole).toEqual(last);
      await api.store.withTenant('default', (tx) => tx.accounts.enable(second));
      expect((await ask(api.url, owner, revoke)).data?.revokeRole).toEqual({ ok: { role: 'Owner' }, error: null });
    });

    it('of a custom role counts, and the role stays while it is granted', async () => {
      await as(
        'Owner',
        'mutation { putCustomRole(input: {name: "pager", permissions: ["holds.approve", "Cluster.read"]}) { ok { name } } }',
      );
      expect(await names('pager')).toEqual(['east', 'hush-west']);
      const { data } = await as(
        'Owner',
        'mutation { deleteCustomRole(input: {name: "pager"}) { error { code issues { code } } } }',
      );
      expect(data?.deleteCustomRole.error).toEqual({ code: 'REFUSED', issues: [{ code: 'ISM0985' }] });
    });
  });

  it('answers canI as it then decides', async () => {
    const query = `{
      a: canI(permission: "TrafficPolicy.write", at: {project: "payments"})
      b: canI(permission: "TrafficPolicy.write", at: {project: "payments", globalNamespace: "shop"})
      c: canI(permission: "TrafficPolicy.write")
      d: canI(permission: "TrafficPolicy.write", at: {project: "hush-search"})
      e: canI(permission: "agents.write", at: {cluster: "hush-west"})
      viewer { grants { role scope { kind name } } } }`;
    const { data } = await as('Developer@PROJECT:payments', query);
    expect(data).toEqual({
      ...{ a: true, b: true, c: false, d: false, e: false },
      viewer: { grants: [{ role: 'Developer', scope: { kind: 'PROJECT', name: 'payments' } }] },
    });
    const unknown = await as('Owner', '{ canI(permission: "Cluster.fly") }');
    expect(unknown.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });
});
