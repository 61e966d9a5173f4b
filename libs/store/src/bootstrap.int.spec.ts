import { afterAll, beforeAll, expect, it } from 'vitest';
import { testPostgres } from '@isthmus/testing';
import { bootstrap, createStore, type Store } from './index.js';

const postgres = await testPostgres();

postgres.suite('a fresh install', () => {
  let store: Store;
  let connectionString = '';
  beforeAll(async () => {
    connectionString = await postgres.freshDatabase();
    store = createStore({ connectionString });
  });
  afterAll(() => store.close());

  it('gets its organization, project and admin token once, though three processes start together', async () => {
    const adminToken = { prefix: 'isth_abcd', hash: 'h1' };
    const results = await Promise.all(
      Array.from({ length: 3 }, () => bootstrap({ connectionString, store, adminToken })),
    );
    expect(results.filter((each) => each.tokenCreated)).toHaveLength(1);
    await store.withTenant('default', async (tx) => {
      expect((await tx.resources.all(['Project'])).map((each) => each.name)).toEqual(['default']);
      expect(await tx.tokens.list()).toMatchObject([{ name: 'bootstrap-admin', role: 'admin', prefix: 'isth_abcd' }]);
      const actions = (await tx.audit.list({ actor: 'system:bootstrap' }, { first: 10 })).items;
      expect(actions.map(({ record }) => record.subjectKind).sort()).toEqual(['ApiToken', 'Project']);
    });
  });

  it('takes another admin token when the first was lost, and none when none is given', async () => {
    expect(await bootstrap({ connectionString, store, adminToken: { prefix: 'isth_x', hash: 'h2' } })).toMatchObject({
      tokenCreated: true,
    });
    expect(await bootstrap({ connectionString, store })).toEqual({ org: 'default', tokenCreated: false });
  });
});
