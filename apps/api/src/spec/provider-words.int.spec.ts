import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '@isthmus/platform';
import { postgres } from './api.fixture.js';
import { TestBrowser } from './browser.fixture.js';
import { signingKey, startForgingProvider, type ForgingProvider } from './forging-provider.fixture.js';
import { CLIENT } from './identity-provider.fixture.js';
import { startSignInApi, type SignInApi } from './sign-in.fixture.js';

const SECOND = 'another-client';
const MINUTE = 60;
const now = () => Math.floor(Date.now() / 1000);

postgres.suite('what a provider says', () => {
  let api: SignInApi;
  let forger: ForgingProvider;
  /** How much later the API believes it is. */
  let aheadMs = 0;
  beforeAll(async () => {
    forger = await startForgingProvider();
    const client = { issuer: forger.issuer, clientSecretFile: 'x' };
    api = await startSignInApi({
      document: {
        providers: [
          { name: 'weak', clientId: CLIENT.id, roles: { admins: 'Viewer' }, ...client },
          // The same issuer, which tells other groups to its other client.
          {
            ...{ name: 'strong', clientId: SECOND, groupsClaim: 'strong_groups', ...client },
            roles: { admins: 'Owner', staff: 'Viewer' },
          },
          { name: 'liar', clientId: CLIENT.id, ...client, issuer: forger.issuer.replace('127.0.0.1', 'localhost') },
        ],
        recheckSeconds: 1,
      },
      options: { clock: { ...systemClock, now: () => new Date(Date.now() + aheadMs) } },
    });
  });
  afterAll(async () => {
    await api.close();
    await forger.close();
  });
  beforeEach(() => {
    aheadMs = 0;
    forger.forge(({ claims, sign }) => sign(claims));
    forger.setUserinfo('mallory');
  });

  const enter = async (provider = 'weak') => {
    const browser = new TestBrowser();
    const { response } = await browser.visit(`${api.url}/auth/login/${provider}?return_to=/auth`);
    const text = await response.text();
    return { browser, status: response.status, fault: /ISM\d{4}/.exec(text)?.[0] };
  };
  const role = async ({ browser }: { browser: TestBrowser }) => {
    const { status, body } = await browser.query(api.url, '{ viewer { role } }');
    return status === 200 ? (body.data.viewer.role as string) : status;
  };
  const stored = () =>
    api.store.withTenant('default', async (tx) => {
      const account = await tx.accounts.find(forger.issuer, 'mallory');
      return { account, grants: account === undefined ? [] : await tx.grants.ofAccount(account.id) };
    });

  it('is not taken from a document of another issuer', async () => {
    expect(await enter('liar')).toMatchObject({ status: 502, fault: 'ISM0994' });
  });

  it.each(['userinfo', 'token'])('is broken off where it is too long: %s', async (where) => {
    const filler = 'x'.repeat(2 * 1024 * 1024);
    if (where === 'userinfo') forger.setUserinfo('mallory', { groups: ['admins'], filler });
    else forger.forge(({ claims, sign }) => sign({ ...claims, filler }));
    expect(await enter()).toMatchObject({ status: 400, fault: 'ISM0991' });
  });

  describe('of groups', () => {
    it('to one client is never taken for the groups of another, though it is the same person', async () => {
      forger.setUserinfo('mallory', { groups: ['admins'], strong_groups: ['staff'] });
      const weak = await enter();
      expect(await role(weak)).toBe('VIEWER');
      forger.forge(({ claims, sign }) => sign({ ...claims, aud: SECOND }));
      const strong = await enter('strong');
      expect(await role(strong)).toBe('VIEWER');
      expect(await role(weak)).toBe(401);
      await expect
        .poll(async () => (await stored()).grants.map(({ provider }) => provider), { timeout: 5000 })
        .toEqual(['strong']);
      expect((await stored()).account?.groups).toEqual(['staff']);
      expect(await role(strong)).toBe('VIEWER');
    });

    it('at the sign-in alone counts as long as a provider that does not answer', async () => {
      forger.setUserinfo('mallory', {});
      const session = await enter();
      expect(await role(session)).toBe('VIEWER');
      const faults = async () => (await stored()).grants.map(({ fault }) => fault);
      await expect.poll(faults, { timeout: 5000 }).toContain('the provider tells groups at the sign-in alone');
      expect(await role(session)).toBe('VIEWER');
      aheadMs = 59 * MINUTE * 1000;
      expect(await role(session)).toBe('VIEWER');
      aheadMs = 61 * MINUTE * 1000;
      expect(await role(session)).toBe(401);
    });

    it('need not be said again where there were none', async () => {
      forger.forge(({ claims, sign }) => sign({ ...claims, groups: [] }));
      forger.setUserinfo('mallory', {});
      expect(await enter()).toMatchObject({ fault: 'ISM0992' });
      const id = (await stored()).account?.id ?? '';
      const scope = { kind: 'ORGANIZATION' as const, name: '' };
      const grant = { subject: { kind: 'USER' as const, id }, role: 'Viewer', scope, expiresAt: undefined };
      const { record } = await api.store.withTenant('default', (tx) =>
        tx.roleBindings.put({ ...grant, createdBy: 'spec' }),
      );
      const session = await enter();
      const begun = Date.now();
      await expect
        .poll(async () => (await stored()).grants.some(({ checkedAt, fault }) => +checkedAt > begun && !fault), {
          timeout: 5000,
        })
        .toBe(true);
      expect(await role(session)).toBe('VIEWER');
      await api.store.withTenant('default', (tx) => tx.roleBindings.remove(record.id));
    });
  });

  describe('of signing out', () => {
    let session: Awaited<ReturnType<typeof enter>>;
    beforeEach(async () => {
      forger.forge(({ claims, sign }) => sign({ ...claims, sid: 'mine' }));
      session = await enter();
      expect(await role(session)).toBe('VIEWER');
    });
    const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const word = (more: object = {}): JWTPayload => ({
      ...{
        iss: forger.issuer,
        aud: CLIENT.id,
        sub: 'mallory',
        sid: 'mine',
        jti: 'one',
        iat: now(),
        exp: now() + 120,
        events: EVENTS,
      },
      ...more,
    });
    const without = (...names: string[]): JWTPayload =>
      Object.fromEntries(Object.entries(word()).filter(([name]) => !names.includes(name)));
    const tell = async (token: string, provider = 'weak') => {
      const body = new URLSearchParams({ logout_token: token });
      return (await fetch(`${api.url}/auth/back-channel/${provider}`, { method: 'POST', body })).status;
    };
    const signed = (more: object) => forger.sign(word(more));

    it.each<[string, () => string | Promise<string>]>([
      ['without signature', () => new UnsecuredJWT(word()).encode()],
      [
        'signed with the published key as a secret',
        () =>
          new SignJWT(word())
            .setProtectedHeader({ alg: 'HS256', kid: 'one' })
            .sign(Buffer.from(JSON.stringify(forger.jwk))),
      ],
      ['signed with another key of the same id', async () => (await signingKey()).sign(word())],
      ['of another use by its type', () => forger.sign(word(), { typ: 'at+jwt' })],
      ['for another', () => signed({ aud: SECOND })],
      ['for others', () => signed({ aud: ['one', 'two'] })],
      ['for nobody', () => forger.sign(without('aud'))],
      ['of another issuer', () => signed({ iss: 'https://login.example' })],
      ['with a nonce, as an ID token has one', () => signed({ nonce: 'x' })],
      ['with an empty nonce', () => signed({ nonce: '' })],
      ['without events', () => forger.sign(without('events'))],
      ['of other events', () => signed({ events: { 'https://login.example/event': {} } })],
      ['of events as a text', () => signed({ events: Object.keys(EVENTS)[0] })],
      ['of nobody', () => forger.sign(without('sub', 'sid'))],
      ['of a subject that is no text', () => signed({ sub: 7, sid: undefined })],
      ['without a time', () => forger.sign(without('iat'))],
      ['of six minutes ago', () => signed({ iat: now() - 6 * MINUTE })],
      ['of a time to come', () => signed({ iat: now() + 6 * MINUTE })],
      ['that is over', () => signed({ exp: now() - MINUTE })],
      ['that does not count yet', () => signed({ nbf: now() + 2 * MINUTE })],
    ])('is refused %s', async (_what, make) => {
      expect(await tell(await make())).toBe(400);
      expect(await role(session)).toBe('VIEWER');
    });

    it.each<[string, object]>([
      ['somebody else', { sub: 'ada', sid: undefined }],
      ['the session of somebody else', { sub: 'ada' }],
      ['another session', { sid: 'other' }],
      ['another session, of nobody in particular', { sub: undefined, sid: 'other' }],
      ['what went before the session', { iat: now() - MINUTE, sid: undefined }],
      ['what went before, of a session whose id the provider gave again', { iat: now() - MINUTE, sub: undefined }],
    ])('is heard and ends nothing where it means %s', async (_what, more) => {
      expect(await tell(await signed(more))).toBe(200);
      expect(await role(session)).toBe('VIEWER');
    });

    it('is refused at the address of another client of the issuer', async () => {
      expect(await tell(await signed({}), 'strong')).toBe(400);
      expect(await role(session)).toBe('VIEWER');
    });

    it.each([
      ['the session', { sub: undefined }, {}],
      ['the person', { sid: undefined }, {}],
      ['both, in the type that is its own', {}, { typ: 'logout+jwt' }],
    ])('ends what it means: %s', async (_what, more, header) => {
      expect(await tell(await forger.sign(word(more), header))).toBe(200);
      expect(await role(session)).toBe(401);
    });
  });
});
