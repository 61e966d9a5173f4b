import { randomBytes } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { LOCAL_PROVIDER } from '@isthmus/store';
import { hashToken, newApiToken } from '../auth/api-token.js';
import { createSealer } from '../auth/sealer.js';
import type { SignInSettings } from '../auth/sign-in-settings.js';
import { wouldShutOut } from '../auth/ways-in.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { ask, tokenWith, WORLD } from './roles.fixture.js';
import { settingsFor } from './sign-in.fixture.js';

const CREATE =
  'mutation ($input: CreateServiceAccountInput!) { it: createServiceAccount(input: $input) { ok { id } error { code issues { code path } } } }';
const TOKEN = `mutation ($input: CreateServiceAccountTokenInput!) { it: createServiceAccountToken(input: $input) {
  ok { secret apiToken { id ownerKind owner scope { kind name } expiresAt } } error { code issues { code path } } } }`;
const WHO = '{ viewer { actor permissions grants { role scope { kind name } } } }';
const act = (verb: string, id: string) =>
  `mutation { it: ${verb}ServiceAccount(id: "${id}") { ok { disabledAt } error { code issues { code } } } }`;

postgres.suite('service accounts', () => {
  let api: TestApi;
  let admin = '';
  beforeAll(async () => {
    api = await startTestApi({ recheckMs: 300 });
    await api.store.mutate('default', { actor: 'user:spec', action: 'applyResources' }, async (tx) => {
      for (const resource of WORLD) await tx.resources.put(resource);
    });
    admin = await tokenWith(api.store, 'default', 'Admin');
  });
  afterAll(() => api.close());

  const make = async (name: string): Promise<string> =>
    (await ask(api.url, admin, CREATE, { input: { name } })).data.it.ok.id as string;
  const grant = (id: string, role: string, token = api.tokens.admin) =>
    ask(
      api.url,
      token,
      `mutation { it: grantRole(input: {subjectKind: SERVICE_ACCOUNT, subject: "${id}", role: "${role}", scope: {kind: ORGANIZATION, name: ""}}) { error { code } } }`,
    );
  const token = async (serviceAccountId: string, more: object, by = admin) =>
    await ask(api.url, by, TOKEN, { input: { serviceAccountId, name: 'ci', role: 'Viewer', ...more } });
  const status = async (secret: string) =>
    (
      await fetch(`${api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
        body: JSON.stringify({ query: WHO }),
      })
    ).status;

  it('are not made by those who may not, under names that are none, or twice', async () => {
    const refused = await ask(api.url, api.tokens.editor, CREATE, { input: { name: 'ci' } });
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', permission: 'tokens.manage' });
    for (const name of ['', 'CI', 'c i', '-ci', 'ci-', 'a'.repeat(64)])
      expect((await ask(api.url, admin, CREATE, { input: { name } })).data.it.error).toEqual({
        code: 'INVALID',
        issues: [{ code: 'ISM0506', path: 'name' }],
      });
    await make('a'.repeat(63));
    expect((await ask(api.url, admin, CREATE, { input: { name: 'a'.repeat(63) } })).data.it.error.code).toBe('INVALID');
  });

  it('get no token for an account, role or project that is not there, nor for too long', async () => {
    const id = await make('nowhere');
    for (const [input, path] of [
      [{ role: 'Nobody' }, 'role'],
      [{ project: 'none' }, 'scope'],
      [{ globalNamespace: 'none' }, 'scope'],
      [{ expiresInDays: 0 }, 'expiresInDays'],
      [{ expiresInDays: 367 }, 'expiresInDays'],
      [{ name: ' ' }, 'name'],
    ] as const)
      expect((await token(id, input)).data.it.error.issues[0].path).toBe(path);
    expect((await token('none', {})).data.it.error.code).toBe('NOT_FOUND');
    expect((await token(id, { expiresInDays: 366 })).data.it.ok).not.toBeNull();
  });

  it('get no token that may do what its maker may not, whatever the account may', async () => {
    const id = await make('mighty');
    await grant(id, 'Owner');
    const refused = await token(id, { role: 'Owner' });
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', permission: 'breakGlass.manage' });
    const { secret } = (await token(id, { role: 'Admin' })).data.it.ok;
    expect((await ask(api.url, secret, WHO)).data.viewer.permissions).not.toContain('breakGlass.manage');
    expect((await token(id, { role: 'Owner' }, secret)).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });

  it('can do nothing until something is granted to them, and then no more than that and their token', async () => {
    const id = await make('modest');
    const { secret, apiToken } = (await token(id, { role: 'Admin', project: 'payments' })).data.it.ok;
    expect(apiToken).toMatchObject({
      ownerKind: 'SERVICE_ACCOUNT',
      owner: id,
      scope: { kind: 'PROJECT', name: 'payments' },
    });
    expect(await status(secret)).toBe(401);
    await grant(id, 'Viewer');
    const { viewer } = (await ask(api.url, secret, WHO)).data;
    expect(viewer.grants).toEqual([{ role: 'Admin', scope: { kind: 'PROJECT', name: 'payments' } }]);
    expect(viewer.permissions).toEqual([]);
    expect(
      (await ask(api.url, secret, '{ globalNamespaces(first: 9) { nodes { name } } }')).data.globalNamespaces.nodes,
    ).toEqual([{ name: 'cart' }, { name: 'shop' }]);
  });

  it('lose sessions, tokens and open streams within five seconds when they are disabled or deleted', async () => {
    const id = await make('gone');
    await grant(id, 'Viewer');
    const { secret } = (await token(id, {})).data.it.ok;
    const stream = () =>
      createClient({
        url: `${api.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: { authorization: `Bearer ${secret}` },
      })
        .iterate({ query: 'subscription { clusterChanged { uid } }' })
        .next()
        .catch((error: { code?: number }) => error.code);
    for (const verb of ['disable', 'delete']) {
      await ask(api.url, admin, act('enable', id));
      const cut = stream();
      await expect.poll(() => status(secret)).toBe(200);
      expect((await ask(api.url, admin, act(verb, id))).data.it.error).toBeNull();
      expect(await status(secret)).toBe(401);
      const late = new Promise((resolve) => setTimeout(resolve, 5_000, 'late').unref());
      expect([4401, 4403]).toContain(await Promise.race([cut, late]));
    }
    const bindings = await api.store.withTenant('default', (tx) => tx.roleBindings.list());
    expect(bindings.filter(({ subject }) => subject.id === id)).toEqual([]);
    expect((await ask(api.url, admin, act('enable', id))).data.it.error.code).toBe('NOT_FOUND');
  });

  it('are not deleted by who does not hold what would be taken from them', async () => {
    const id = await make('owners-own');
    await grant(id, 'Owner');
    expect((await ask(api.url, admin, act('delete', id))).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    expect((await ask(api.url, api.tokens.admin, act('delete', id))).data.it.error).toBeNull();
  });

  it('are listed with their tokens and when these were used last, and every change is in the audit log without a secret', async () => {
    const id = await make('seen');
    await grant(id, 'Viewer');
    const { secret, apiToken } = (await token(id, {})).data.it.ok;
    await ask(api.url, secret, WHO);
    const seen = await ask(
      api.url,
      admin,
      '{ serviceAccount(name: "seen") { id tokens { name lastUsedAt revokedAt } } none: serviceAccount(name: "x") { id } }',
    );
    expect(seen.data).toMatchObject({ none: null, serviceAccount: { id, tokens: [{ name: 'ci', revokedAt: null }] } });
    expect(seen.data.serviceAccount.tokens[0].lastUsedAt).not.toBeNull();
    await ask(api.url, admin, `mutation { revokeApiToken(input: {tokenId: "${apiToken.id}"}) { error { code } } }`);
    expect(await status(secret)).toBe(401);
    await ask(api.url, admin, act('disable', id));
    await ask(api.url, admin, act('delete', id));
    const { data } = await ask(api.url, api.tokens.admin, '{ auditLog(first: 10) { nodes { action after before } } }');
    const actions = data.auditLog.nodes.map((row: { action: string }) => row.action);
    expect(actions).toEqual(
      expect.arrayContaining([
        'deleteServiceAccount',
        'disableServiceAccount',
        'revokeApiToken',
        'createServiceAccountToken',
        'createServiceAccount',
      ]),
    );
    expect(JSON.stringify(data)).not.toContain(secret);
  });
});

postgres.suite('the last way in', () => {
  let api: TestApi;
  let settings: SignInSettings;
  beforeAll(async () => {
    const corp = {
      name: 'corp',
      issuer: 'https://id.example',
      clientId: 'c',
      roles: { admins: 'Admin', all: 'Viewer' },
    };
    settings = await settingsFor('http://127.0.0.1:1', { providers: [corp] });
    api = await startTestApi({ signIn: { settings, sealer: createSealer(randomBytes(32)) } });
  });
  afterAll(() => api.close());

  const send = (text: string) => ask(api.url, api.tokens.admin, text);
  const revoke = async (name: string) => {
    const { data } = await send('{ apiTokens(first: 50) { nodes { id name revokedAt } } }');
    const id = data.apiTokens.nodes.find(
      (one: { name: string; revokedAt: null }) => one.name === name && one.revokedAt === null,
    )?.id;
    return (
      await send(
        `mutation { it: revokeApiToken(input: {tokenId: "${id}"}) { ok { revokedAt } error { code issues { code hint } } } }`,
      )
    ).data.it;
  };
  const REFUSED = { ok: null, error: { code: 'REFUSED', issues: [{ code: 'ISM0988' }] } };
  const person = (subject: string, group: string) =>
    api.store.withTenant('default', (tx) =>
      tx.accounts.signIn(
        { provider: 'corp', issuer: 'https://id.example', subject },
        { name: subject, email: undefined, groups: [group] },
      ),
    );
  const lock = async (id: string) =>
    (await send(`mutation { it: lockAccount(accountId: "${id}") { ok { lockedAt } error { code issues { code } } } }`))
      .data.it;

  it('is not revoked: viewers, editors and people without the right are no other way', async () => {
    await person('rob', 'all');
    expect(await revoke('spec-admin')).toMatchObject(REFUSED);
    expect((await revoke('spec-viewer')).error).toBeNull();
  });

  it('is not revoked beside a person who is another way until a time alone', async () => {
    const { id } = await person('rob', 'all');
    const scope = { kind: 'ORGANIZATION' as const, name: '' };
    const grant = { subject: { kind: 'USER' as const, id }, role: 'Owner', scope, createdBy: 'user:spec' };
    const put = (expiresAt: Date | undefined) =>
      api.store.withTenant('default', (tx) => tx.roleBindings.put({ ...grant, expiresAt }));
    const { record } = await put(new Date('2099-01-01'));
    expect(await revoke('spec-admin')).toMatchObject(REFUSED);
    await api.store.withTenant('default', (tx) => tx.roleBindings.remove(record.id));
  });

  it('is not revoked beside a service account that has no token, or an expired one', async () => {
    await api.store.withTenant('default', async (tx) => {
      const made = await tx.serviceAccounts.create({
        name: 'ci',
        description: '',
        role: 'Owner',
        createdBy: 'user:spec',
      });
      const whose = { ownerKind: 'SERVICE_ACCOUNT' as const, owner: made?.id ?? '', role: 'Owner', name: 'of-ci' };
      await tx.tokens.create({ ...whose, prefix: 'p', hash: 'a', expiresAt: new Date(Date.now() - 1) });
    });
    expect(await revoke('spec-admin')).toMatchObject(REFUSED);
  });

  it('may be revoked beside a person who can sign in, whose account is the last way in then', async () => {
    const { id } = await person('ada', 'admins');
    const secret = newApiToken();
    await api.store.withTenant('default', (tx) =>
      tx.tokens.create({
        prefix: 'p',
        hash: hashToken(secret),
        name: 'own',
        role: 'Admin',
        ownerKind: 'USER',
        owner: id,
      }),
    );
    expect((await revoke('spec-admin')).error).toBeNull();
    api.tokens.admin = secret;
    expect(await lock(id)).toMatchObject(REFUSED);
    expect((await revoke('own')).error).toBeNull(); // its owner signs in and makes another
    expect((await send('{ viewer { actor } }')).errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  it('may go beside a local administrator who never came in, and not beside one who is locked', async () => {
    const [ada] = (await api.store.withTenant('default', (tx) => tx.accounts.list())).filter(
      ({ name }) => name === 'ada',
    );
    const at = { settings, now: new Date() };
    const shut = () =>
      api.store.withTenant('default', async (tx) => ada && wouldShutOut(tx, { kind: 'USER', record: ada }, at));
    expect(await shut()).toBe(true);
    const door = { name: 'break-glass', passwordHash: '', totpSealed: undefined, expiresAt: new Date('2099-01-01') };
    await api.store.withTenant('default', (tx) => tx.localAdmins.put(door));
    expect(await shut()).toBe(false);
    const identity = { provider: LOCAL_PROVIDER, issuer: LOCAL_PROVIDER, subject: door.name };
    await api.store.withTenant('default', async (tx) => {
      const account = await tx.accounts.signIn(identity, { name: door.name, email: undefined, groups: [] });
      await tx.accounts.disable(account.id, 'user:spec');
    });
    expect(await shut()).toBe(true);
  });
});
