import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '@isthmus/platform';
import type { NewToken } from '@isthmus/store';
import { hashToken, newApiToken, shownPrefix } from '../auth/api-token.js';
import { nodeId, partsOfId } from '../graphql/node-id.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { ask } from './roles.fixture.js';

const MAKE = `mutation ($input: CreateApiTokenInput!) { it: createApiToken(input: $input) {
  ok { secret apiToken { id expiresAt endsWithMaker by { kind name tokenName } } } error { code message issues { code path message } } } }`;
const MAKE_OF_ACCOUNT = `mutation ($input: CreateServiceAccountTokenInput!) { it: createServiceAccountToken(input: $input) {
  ok { secret apiToken { id expiresAt endsWithMaker } } error { code issues { code path } } } }`;
const REVOKE =
  'mutation ($input: RevokeApiTokenInput!) { it: revokeApiToken(input: $input) { ok { id } error { code issues { code } } } }';
const AUDIT = '{ auditLog(first: 20, filter: {action: "revokeApiToken"}) { nodes { subjectId after } } }';
const DAY_MS = 86_400_000;

postgres.suite('a token that is made by a token', () => {
  let api: TestApi;
  let aheadMs = 0;
  beforeAll(async () => {
    api = await startTestApi({ clock: { ...systemClock, now: () => new Date(Date.now() + aheadMs) } });
  });
  afterAll(() => api.close());

  /** A token as a session makes it. */
  const root = async (
    days: number | undefined,
    { org = 'default', ...more }: Partial<NewToken> & { org?: string } = {},
  ) => {
    const secret = newApiToken();
    const expiresAt = days === undefined ? {} : { expiresAt: new Date(Date.now() + days * DAY_MS) };
    const head = { prefix: shownPrefix(secret), hash: hashToken(secret), name: 'root', role: 'admin', ...more };
    const { id } = await api.store.withTenant(org, (tx) => tx.tokens.create({ ...head, ...expiresAt }));
    return { secret, id };
  };
  const make = async (by: string, more: object = {}) =>
    (await ask(api.url, by, MAKE, { input: { name: 'made', role: 'ADMIN', ...more } })).data.it;
  const made = async (by: string, more: object = {}) => {
    const { ok } = await make(by, more);
    return { secret: ok.secret as string, node: ok.apiToken.id as string, ...ok.apiToken };
  };
  const revoke = async (node: string, by = api.tokens.admin) =>
    (await ask(api.url, by, REVOKE, { input: { tokenId: node } })).data.it;
  const counts = async (secret: string) => !(await ask(api.url, secret, '{ viewer { actor } }')).errors;
  const may = async (secret: string) =>
    (await ask(api.url, secret, '{ viewer { permissions } }')).data?.viewer.permissions as string[] | undefined;

  describe('ends no later than its maker', () => {
    it('is refused for longer, and where nothing is said ends with it', async () => {
      const { secret } = await root(10);
      const refused = await make(secret, { expiresInDays: 11 });
      expect(refused.error).toMatchObject({ code: 'INVALID', issues: [{ code: 'ISM0577', path: 'expiresInDays' }] });
      const shorter = await made(secret, { expiresInDays: 9 });
      const usual = await made(secret);
      expect(Math.round((Date.parse(shorter.expiresAt) - Date.now()) / DAY_MS)).toBe(9);
      expect(Math.round((Date.parse(usual.expiresAt) - Date.now()) / DAY_MS)).toBe(10);
    });

    it('counts to the very end of its maker, and not after it', async () => {
      const { secret, id } = await root(10);
      const child = await made(secret);
      const end = (await api.store.withTenant('default', (tx) => tx.tokens.get(id)))?.expiresAt;
      expect(child.expiresAt).toBe(end?.toISOString());
    });

    it('lasts as usual where its maker has no end, or a later one', async () => {
      for (const days of [undefined, 366]) {
        const child = await made((await root(days)).secret);
        expect(Math.round((Date.parse(child.expiresAt) - Date.now()) / DAY_MS)).toBe(90);
      }
    });

    it('holds for tokens of service accounts as well', async () => {
      const { secret } = await root(10);
      const create = 'mutation { it: createServiceAccount(input: {name: "bound"}) { ok { id } } }';
      const serviceAccountId = (await ask(api.url, secret, create)).data.it.ok.id as string;
      const input = { serviceAccountId, name: 'ci', role: 'Viewer' };
      const long = await ask(api.url, secret, MAKE_OF_ACCOUNT, { input: { ...input, expiresInDays: 11 } });
      expect(long.data.it.error.issues).toEqual([{ code: 'ISM0577', path: 'expiresInDays' }]);
      const usual = (await ask(api.url, secret, MAKE_OF_ACCOUNT, { input })).data.it.ok.apiToken;
      expect(usual.endsWithMaker).toBe(true);
      expect(Math.round((Date.parse(usual.expiresAt) - Date.now()) / DAY_MS)).toBe(10);
    });
  });

  describe('is revoked with its maker', () => {
    it('and so is what it made itself, each in the audit log with what it went with', async () => {
      const first = await made(api.tokens.admin);
      const second = await made(first.secret);
      const third = await made(second.secret);
      const beside = await made(api.tokens.admin);
      expect((await revoke(first.node)).error).toBeNull();
      for (const { secret } of [first, second, third]) expect(await counts(secret)).toBe(false);
      expect(await counts(beside.secret)).toBe(true);
      const ids = [first, second, third].map(({ node }) => partsOfId('ApiToken', node)?.[0]);
      const rows = await ask(api.url, api.tokens.admin, AUDIT);
      const ended = new Map(
        (rows.data.auditLog.nodes as { subjectId: string; after: unknown }[]).map((row) => [row.subjectId, row.after]),
      );
      expect(ids.map((id) => ended.get(id ?? ''))).toEqual([null, { endedWith: ids[0] }, { endedWith: ids[1] }]);
    });

    it('at once where it is revoked by somebody else, whatever it is doing', async () => {
      const parent = await made(api.tokens.admin);
      const tries = Array.from({ length: 8 }, () => make(parent.secret).catch(() => undefined));
      const [, ...results] = await Promise.all([revoke(parent.node), ...tries]);
      for (const result of results) if (result?.ok) expect(await counts(result.ok.secret as string)).toBe(false);
    });

    it('counts no longer than it even if its own end were later', async () => {
      const parent = await root(10);
      const child = await root(20, { parent: parent.id });
      expect(await counts(child.secret)).toBe(true);
      aheadMs = 10 * DAY_MS - 60_000;
      expect(await counts(child.secret)).toBe(true);
      aheadMs = 10 * DAY_MS + 1;
      try {
        expect(await counts(child.secret)).toBe(false);
      } finally {
        aheadMs = 0;
      }
    });
  });

  it('says so in lists, with who made it', async () => {
    const child = await made(api.tokens.admin);
    expect(child).toMatchObject({ endsWithMaker: true, by: { kind: 'TOKEN', name: 'spec-admin' } });
  });

  it('may do no more than its maker may now', async () => {
    const create = 'mutation { it: createServiceAccount(input: {name: "maker"}) { ok { id } } }';
    const id = (await ask(api.url, api.tokens.admin, create)).data.it.ok.id as string;
    const scope = { kind: 'ORGANIZATION' as const, name: '' };
    const subject = { kind: 'SERVICE_ACCOUNT' as const, id };
    const grant = (role: string) =>
      api.store.withTenant('default', (tx) =>
        tx.roleBindings.put({ subject, role, scope, expiresAt: undefined, createdBy: 'spec' }),
      );
    const { record } = await grant('Admin');
    await grant('Viewer');
    const maker = await root(10, { role: 'Admin', ownerKind: 'SERVICE_ACCOUNT', owner: id });
    const child = await made(maker.secret, { role: 'EDITOR' });
    expect(await may(child.secret)).toContain('Cluster.write');
    await api.store.withTenant('default', (tx) => tx.roleBindings.remove(record.id));
    expect(await may(child.secret)).not.toContain('Cluster.write');
    expect(await counts(child.secret)).toBe(true);
    await api.store.withTenant('default', (tx) => tx.serviceAccounts.update(id, { disabled: true }));
    expect(await counts(child.secret)).toBe(false);
    await api.store.withTenant('default', (tx) => tx.serviceAccounts.update(id, { disabled: false }));
    expect(await counts(child.secret)).toBe(true);
  });

  it('makes others four times over, and no more', async () => {
    let { secret } = await root(10);
    for (let line = 0; line < 4; line += 1) secret = (await made(secret)).secret;
    expect((await make(secret)).error.code).toBe('REFUSED');
    expect(await counts(secret)).toBe(true);
  });

  it('counts for nothing where its maker is of another organization, or of none', async () => {
    const elsewhere = await root(10, { org: 'other' });
    for (const parent of [elsewhere.id, '00000000-0000-7000-8000-000000000000'])
      expect(await counts((await root(10, { parent })).secret)).toBe(false);
    const here = await root(10);
    const strange = await root(10, { org: 'other', parent: here.id });
    await revoke(nodeId('ApiToken', here.id));
    expect((await api.store.withTenant('other', (tx) => tx.tokens.get(strange.id)))?.revokedAt).toBeUndefined();
  });

  it('goes with the last way in, which stays', async () => {
    const tokens = await api.store.withTenant('default', (tx) => tx.tokens.list());
    const admin = tokens.find(({ name }) => name === 'spec-admin');
    for (const { id, parent, name } of tokens)
      if (parent === undefined && name === 'root') await api.store.withTenant('default', (tx) => tx.tokens.revoke(id));
    await made(api.tokens.admin);
    const refused = await revoke(nodeId('ApiToken', admin?.id ?? ''));
    expect(refused.error).toMatchObject({ code: 'REFUSED', issues: [{ code: 'ISM0988' }] });
  });
});
