import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountRecord } from '@isthmus/store';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { createSealer } from '../auth/sealer.js';
import { openSession } from '../auth/sessions/open-session.js';
import { systemClock } from '@isthmus/platform';
import { ask, tokenWith } from './roles.fixture.js';
import { settingsFor } from './sign-in.fixture.js';

const ISSUER = 'https://id.example';
const WHOLE = { kind: 'ORGANIZATION' as const, name: '' };

postgres.suite('people who administer more', () => {
  let api: TestApi;
  let callers: Record<string, string>;
  const people: Record<string, AccountRecord> = {};
  beforeAll(async () => {
    const provider = { name: 'corp', issuer: ISSUER, clientId: 'isthmus', roles: { chiefs: 'Owner' } };
    const settings = await settingsFor('http://127.0.0.1:1', { providers: [provider] });
    api = await startTestApi({ signIn: { settings, sealer: createSealer(Buffer.alloc(32, 1)) } });
    const token = (role: string) => tokenWith(api.store, 'default', role);
    callers = { Owner: await token('Owner'), Admin: await token('Admin'), Security: await token('Security') };
    for (const [name, role] of Object.entries({
      owner: 'Owner',
      admin: 'Admin',
      developer: 'Developer',
      security: 'Security',
    }))
      people[name] = await person(name, { role, scope: WHOLE });
    people['chief'] = await person('chief', { groups: ['chiefs'] });
    people['past'] = await person('past', { role: 'Owner', scope: WHOLE, expiresAt: new Date(Date.now() - 1000) });
    people['lead'] = await person('lead', { role: 'Admin', scope: { kind: 'PROJECT', name: 'payments' } });
  });
  afterAll(() => api.close());

  async function person(
    name: string,
    {
      groups = [],
      role,
      scope = WHOLE,
      expiresAt,
    }: {
      groups?: string[];
      role?: string;
      scope?: { kind: 'ORGANIZATION' | 'PROJECT'; name: string };
      expiresAt?: Date;
    },
  ): Promise<AccountRecord> {
    return api.store.withTenant('default', async (tx) => {
      const identity = { provider: 'corp', issuer: ISSUER, subject: name };
      const account = await tx.accounts.signIn(identity, { name, email: undefined, groups });
      const subject = { kind: 'USER' as const, id: account.id };
      if (role !== undefined) await tx.roleBindings.put({ subject, role, scope, expiresAt, createdBy: 'spec' });
      return account;
    });
  }
  const idOf = (name: string) => people[name]?.id ?? '';
  const session = async (name: string): Promise<string> =>
    api.store.withTenant('default', async (tx) => {
      const account = people[name];
      if (account === undefined) throw new Error(name);
      const life = { idleMs: 60_000, lifeMs: 60_000 };
      const wanted = { kind: 'BROWSER' as const, account, grant: undefined, device: 'x', ip: '', life };
      return (await openSession(tx, systemClock, wanted)).session.id;
    });
  const RESULT = '{ ok { id } error { code issues { code path } } }';
  const lock = async (by: string, name: string, verb = 'lock') =>
    (await ask(api.url, callers[by] ?? '', `mutation { it: ${verb}Account(accountId: "${idOf(name)}") ${RESULT} }`))
      .data.it;
  const end = async (by: string, name: string) =>
    (
      await ask(
        api.url,
        callers[by] ?? '',
        `mutation { it: endSession(sessionId: "${await session(name)}") ${RESULT} }`,
      )
    ).data.it;
  const told = async (by: string, name: string): Promise<object> => {
    const id = await session(name);
    const query = '{ accounts { id viewerCanLock } sessions(all: true) { id viewerCanEnd account { viewerCanLock } } }';
    const { accounts, sessions } = (await ask(api.url, callers[by] ?? '', query)).data;
    const { viewerCanEnd, account } = sessions.find((one: { id: string }) => one.id === id);
    const { viewerCanLock } = accounts.find((one: { id: string }) => one.id === idOf(name));
    expect(account).toEqual({ viewerCanLock });
    return { viewerCanLock, viewerCanEnd };
  };
  const refusal = (path: string) => ({ code: 'REFUSED', issues: [{ code: 'ISM0579', path }] });
  beforeEach(async () => {
    await api.store.withTenant('default', async (tx) => {
      for (const { id } of Object.values(people)) await tx.accounts.enable(id);
    });
  });

  describe.each([
    ['Admin', 'owner'],
    ['Admin', 'chief'],
    ['Security', 'owner'],
    ['Security', 'chief'],
    ['Security', 'admin'],
  ])('%s, of %s', (by, name) => {
    it('neither locks nor unlocks the person, nor ends a session', async () => {
      expect((await lock(by, name)).error).toEqual(refusal('accountId'));
      expect((await end(by, name)).error).toEqual(refusal('sessionId'));
      expect((await lock('Owner', name)).ok.id).toBe(idOf(name));
      expect((await lock(by, name, 'unlock')).error).toEqual(refusal('accountId'));
    });

    it('is told so before', async () => {
      expect(await told(by, name)).toEqual({ viewerCanLock: false, viewerCanEnd: false });
    });
  });

  it.each([
    ['Owner', 'owner'],
    ['Owner', 'chief'],
    ['Admin', 'admin'],
    ['Admin', 'security'],
    ['Security', 'security'],
    ['Security', 'developer'],
    ['Security', 'lead'],
    ['Security', 'past'],
  ])('%s does all that, of %s', async (by, name) => {
    expect(await told(by, name)).toEqual({ viewerCanLock: true, viewerCanEnd: true });
    expect((await end(by, name)).error).toBeNull();
    expect((await lock(by, name)).ok.id).toBe(idOf(name));
    expect((await lock(by, name, 'unlock')).ok.id).toBe(idOf(name));
  });
});
