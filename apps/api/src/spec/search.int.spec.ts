import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { ask, fillWorld, tokenWith, type GrantText } from './roles.fixture.js';

const FIND = (text: string): string =>
  `{ search(text: ${JSON.stringify(text)}) { resources { name } services { host globalNamespace { name } } serviceAccounts { name } accounts { name email } apiTokens { name } groups } }`;

postgres.suite('what is found by a part of its name, and who is behind what was done', () => {
  let api: TestApi;
  let uids: Map<string, string>;
  beforeAll(async () => {
    api = await startTestApi();
    uids = await fillWorld(api.store, 'default');
    const live = { prefix: 'isth_', role: 'Viewer' };
    await api.store.mutate('default', { actor: 'user:spec', action: 'spec' }, async (tx) => {
      const ada = { provider: 'corp', issuer: 'https://login.example', subject: 'ada' };
      await tx.accounts.signIn(ada, {
        name: 'Ada Shopkeeper',
        email: 'ada@example.com',
        groups: ['shopkeepers', 'all'],
      });
      const bob = { provider: 'corp', issuer: 'https://login.example', subject: 'bob' };
      await tx.accounts.signIn(bob, { name: 'Bob', email: undefined, groups: ['shopkeepers'] });
      const common = { role: 'Viewer', expiresAt: undefined, createdBy: 'user:spec' };
      for (const [id, name] of [
        ['corp:shop-owners', 'payments'],
        ['corp:hush-shop', 'hush-search'],
      ] as const)
        await tx.roleBindings.put({ ...common, subject: { kind: 'GROUP', id }, scope: { kind: 'PROJECT', name } });
      await tx.tokens.create({ ...live, hash: 'c'.repeat(64), name: 'shop-pipeline' });
      const over = { ...live, name: 'shop-over', hash: 'd'.repeat(64), expiresAt: new Date(0) };
      await tx.tokens.create(over);
      await tx.tokens.revoke((await tx.tokens.create({ ...live, name: 'shop-gone', hash: 'e'.repeat(64) })).id);
      await tx.serviceAccounts.create({ name: 'shop-deployer', description: '', role: '', createdBy: 'user:spec' });
      const shop = [...uids].find(([key]) => key.endsWith('shop'))?.[1] ?? '';
      await tx.vips.allocate(shop, [{ host: 'cart.shop.global', address: '240.64.0.9' }]);
      await tx.record({ kind: 'Spec', id: 'spec', name: 'spec' });
    });
  });
  afterAll(() => api.close());

  const as = async (text: string, ...grants: GrantText[]) =>
    ask(api.url, await tokenWith(api.store, 'default', ...grants), FIND(text));

  it('is refused without a text, and with one that no name can have', async () => {
    for (const text of ['', '  ', 'x'.repeat(254)])
      expect((await as(text, 'Owner@ORGANIZATION')).errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  it('shows no people and programs to whom they are not, and of services those of what he reads', async () => {
    const { data } = await as('SHOP', 'Viewer@PROJECT:payments');
    const { accounts, serviceAccounts, apiTokens, groups } = data.search;
    expect([accounts, serviceAccounts, apiTokens, groups]).toEqual([[], [], [], []]);
    expect((await as('corp', 'Admin@PROJECT:payments')).data.search).toMatchObject({
      ...{ accounts: [], apiTokens: [], groups: ['corp:shop-owners'] },
    });
    expect((await as('cart.shop', 'Viewer@GLOBAL_NAMESPACE:payments/cart')).data.search.services).toEqual([]);
    expect((await as('cart.shop', 'Viewer@GLOBAL_NAMESPACE:payments/shop')).data.search.services).toHaveLength(1);
  });

  it('is all of it to whom all is, whatever the case, and nothing in a text has a meaning of its own', async () => {
    const { data } = await as('SHOP', 'Owner@ORGANIZATION');
    expect(data.search.accounts).toEqual([{ name: 'Ada Shopkeeper', email: 'ada@example.com' }]);
    expect(data.search.apiTokens).toEqual([{ name: 'shop-pipeline' }]);
    expect(data.search.groups).toEqual(['corp:hush-shop', 'corp:shop-owners', 'corp:shopkeepers']);
    expect(data.search.serviceAccounts).toEqual([{ name: 'shop-deployer' }]);
    expect(data.search.services).toEqual([{ host: 'cart.shop.global', globalNamespace: { name: 'shop' } }]);
    expect((data.search.resources as { name: string }[]).map(({ name }) => name)).toContain('shop');
    expect((await as('sh%p', 'Owner@ORGANIZATION')).data.search).toMatchObject({ accounts: [], serviceAccounts: [] });
    expect((await as('co%p', 'Owner@ORGANIZATION')).data.search).toMatchObject({ groups: [], apiTokens: [] });
    expect((await as('ada@', 'Owner@ORGANIZATION')).data.search.accounts).toHaveLength(1);
  });

  describe('who is behind a token', () => {
    const made = async (): Promise<{ id: string; actor: string }> =>
      api.store.mutate('default', { actor: 'user:spec', action: 'spec' }, async (tx) => {
        const program = (await tx.serviceAccounts.list()).find(({ name }) => name === 'shop-deployer');
        const whose = { ownerKind: 'SERVICE_ACCOUNT' as const, owner: program?.id ?? '' };
        const token = await tx.tokens.create({
          prefix: 'isth_',
          hash: 'b'.repeat(64),
          name: 'ci',
          role: 'Viewer',
          ...whose,
        });
        await tx.record({ kind: 'Spec', id: 'spec', name: 'spec' });
        return { id: token.id, actor: `token:${token.id}` };
      });

    it('is told to readers of the audit log, and is no secret of one’s own', async () => {
      const { actor } = await made();
      await api.store.mutate('default', { actor, action: 'byProgram' }, (tx) =>
        tx.record({ kind: 'Spec', id: 'spec', name: 'spec' }),
      );
      const token = await tokenWith(api.store, 'default', 'Auditor@ORGANIZATION');
      const query = '{ auditLog(first: 1, filter: {action: "byProgram"}) { nodes { by { id kind name tokenName } } } }';
      const { data } = await ask(api.url, token, query);
      expect(data.auditLog.nodes).toEqual([
        { by: { id: actor, kind: 'SERVICE_ACCOUNT', name: 'shop-deployer', tokenName: 'ci' } },
      ]);
    });

    it('finds what people, programs and tokens did by a part of their name, and by addresses only for who may know them', async () => {
      const actionsOf = async (actor: string, ...grants: GrantText[]): Promise<string[]> => {
        const query = `{ auditLog(first: 100, filter: {actor: ${JSON.stringify(actor)}}) { nodes { action } } }`;
        const { data } = await ask(api.url, await tokenWith(api.store, 'default', ...grants), query);
        return (data.auditLog.nodes as { action: string }[]).map(({ action }) => action);
      };
      const [person] = await api.store.withTenant('default', (tx) => tx.accounts.search({ text: 'ada@', limit: 1 }));
      await api.store.mutate('default', { actor: `user:${person?.id ?? ''}`, action: 'byAda' }, (tx) =>
        tx.record({ kind: 'Project', id: 'spec', name: 'payments', project: 'payments' }),
      );
      expect(await actionsOf('nobody at all', 'Owner')).toEqual([]);
      expect(await actionsOf(' ', 'Owner')).toEqual([]);
      expect(await actionsOf('sh%p', 'Owner')).toEqual([]);
      expect(await actionsOf('ada@example', 'Auditor')).toEqual([]);
      expect(await actionsOf('ada@example', 'Security')).toEqual(['byAda']);
      expect(await actionsOf('Ada SHOP', 'Auditor@PROJECT:hush-search')).toEqual([]);
      expect(await actionsOf('Ada SHOP', 'Auditor@PROJECT:payments')).toEqual(['byAda']);
      expect(await actionsOf(`user:${person?.id ?? ''}`, 'Auditor')).toEqual(['byAda']);
      expect(await actionsOf('deployer', 'Auditor')).toEqual(['byProgram']);
    });

    it('is not told in histories to those who read no audit log', async () => {
      const query = '{ resources(first: 100) { nodes { history(first: 1) { nodes { by { kind name } } } } } }';
      const { data } = await ask(api.url, await tokenWith(api.store, 'default', 'Developer@PROJECT:payments'), query);
      const names = (data.resources.nodes as { history: { nodes: { by: { name: string | null } }[] } }[]).flatMap(
        ({ history }) => history.nodes.map(({ by }) => by.name),
      );
      expect(new Set(names)).toEqual(new Set([null]));
    });
  });

  it('is offered what is held in a part, but not what only counts in the whole', async () => {
    const token = await tokenWith(api.store, 'default', 'Owner@PROJECT:payments');
    const { data } = await ask(api.url, token, '{ viewer { permissions permissionsSomewhere } }');
    expect(data.viewer.permissions).toEqual([]);
    expect(data.viewer.permissionsSomewhere).toContain('TrafficPolicy.write');
    expect(data.viewer.permissionsSomewhere).not.toContain('tokens.manage');
  });

  it('is told where one may make something, and of no permission that there is not', async () => {
    const token = await tokenWith(api.store, 'default', 'Owner@PROJECT:payments');
    const places = '{ viewer { creatableKinds placesToCreate(kind: TrafficPolicy) { kind name } } }';
    const { viewer } = (await ask(api.url, token, places)).data;
    expect(viewer.placesToCreate).toEqual([{ kind: 'PROJECT', name: 'payments' }]);
    expect(viewer.creatableKinds).toEqual(expect.arrayContaining(['GlobalNamespace', 'TrafficPolicy']));
    for (const kind of ['Cluster', 'ClusterGroup', 'Project']) expect(viewer.creatableKinds).not.toContain(kind);
    const wrong = '{ viewer { placesToCreate(kind: Cluster, permissions: ["agents.fly"]) { name } } }';
    expect((await ask(api.url, token, wrong)).errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });
});
