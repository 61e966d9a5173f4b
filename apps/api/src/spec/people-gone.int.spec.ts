import { SignJWT, generateKeyPair } from 'jose';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { postgres } from './api.fixture.js';
import type { TestBrowser } from './browser.fixture.js';
import { CLIENT } from './identity-provider.fixture.js';
import { startSignInApi, type SignInApi } from './sign-in.fixture.js';

const WHO = '{ viewer { name role } }';
/** The promise: so long after Isthmus learned of it nothing is left. */
const FIVE_SECONDS = 5_000;

postgres.suite('people who are gone', () => {
  let api: SignInApi;
  beforeAll(async () => {
    api = await startSignInApi();
  });
  afterAll(() => api.close());
  beforeEach(() => {
    api.idp.people.set('ada', { name: 'Ada L.', email: 'ada@example.com', groups: ['admins'] });
    api.idp.people.set('rob', { name: 'Rob', email: 'rob@example.com', groups: ['readers'] });
  });

  /** A stream of the browser's session; resolves when it is cut. */
  const stream = (browser: TestBrowser): Promise<unknown> => {
    const cookie = `isthmus-session=${browser.cookies(api.url).get('isthmus-session')}`;
    class Socket extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { headers: { cookie, origin: api.url } });
      }
    }
    const client = createClient({
      url: `${api.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: Socket,
      retryAttempts: 0,
    });
    return client
      .iterate({ query: 'subscription { clusterChanged { uid } }' })
      .next()
      .catch((error: { code?: number }) => error.code);
  };
  const status = async (browser: TestBrowser) => (await browser.query(api.url, WHO)).status;
  /** Waits until the session counts no longer; how long it took. */
  const untilDead = async (browser: TestBrowser, mostMs: number): Promise<void> => {
    await expect.poll(() => status(browser), { timeout: mostMs, interval: 100 }).toBe(401);
  };
  const account = async (name: string) =>
    (await api.store.withTenant('default', (tx) => tx.accounts.list())).find((one) => one.name === name);
  const checkedAgain = async () => {
    const before = api.idp.grants.length;
    await expect.poll(() => api.idp.grants.length, { timeout: 5000 }).toBeGreaterThan(before);
  };

  it('stay signed in while the provider stands for them, however often it is asked', async () => {
    const browser = await api.enter('ada');
    for (const _ of [1, 2, 3]) await checkedAgain();
    expect(await status(browser)).toBe(200);
  });

  it('lose session and open streams when the provider does not know them any more', async () => {
    const browser = await api.enter('rob');
    const cut = stream(browser);
    expect(await status(browser)).toBe(200);
    api.idp.people.delete('rob');
    await untilDead(browser, 1_000 + FIVE_SECONDS);
    expect(await cut).toBe(4403);
    expect(await account('Rob')).toMatchObject({ suspendedReason: expect.stringContaining('invalid_grant') });
  });

  it('lose what a group gave them when they leave it', async () => {
    const browser = await api.enter('ada');
    const cut = stream(browser);
    api.idp.people.set('ada', { name: 'Ada L.', email: 'ada@example.com', groups: ['readers'] });
    await expect
      .poll(async () => (await browser.query(api.url, WHO)).body.data?.viewer.role, { timeout: 6000 })
      .toBe('VIEWER');
    expect(await cut).toBe(4403);
  });

  it('lose everything when no group of theirs has a role', async () => {
    const browser = await api.enter('rob');
    const cut = stream(browser);
    api.idp.people.set('rob', { name: 'Rob', email: 'rob@example.com', groups: [] });
    await untilDead(browser, 1_000 + FIVE_SECONDS);
    expect(await cut).toBe(4403);
  });

  it('lose everything when the mapping of their group is taken away', async () => {
    api.idp.people.set('rob', { name: 'Rob', email: 'rob@example.com', groups: ['contractors'] });
    const grant = { subject: { kind: 'GROUP' as const, id: 'corp:contractors' }, role: 'Viewer' };
    const scope = { kind: 'ORGANIZATION' as const, name: '' };
    const { record } = await api.store.withTenant('default', (tx) =>
      tx.roleBindings.put({ ...grant, scope, expiresAt: undefined, createdBy: 'user:spec' }),
    );
    const browser = await api.enter('rob');
    const cut = stream(browser);
    expect(await status(browser)).toBe(200);
    await api.store.withTenant('default', (tx) => tx.roleBindings.remove(record.id));
    expect(await status(browser)).toBe(401);
    expect(await cut).toBe(4403);
  });

  it('keep their session while the provider is away, and not for ever', async () => {
    const browser = await api.enter('ada');
    const { id = '' } = (await account('Ada L.')) ?? {};
    api.idp.setAway(true);
    try {
      await expect
        .poll(
          async () =>
            (await api.store.withTenant('default', (tx) => tx.grants.ofAccount(id))).some(
              ({ fault }) => fault !== undefined,
            ),
          { timeout: 15_000 },
        )
        .toBe(true);
      expect(await status(browser)).toBe(200);
    } finally {
      api.idp.setAway(false);
    }
  }, 20_000);

  describe('as the provider says by its back channel', () => {
    it('lose their session when they sign out there', async () => {
      const browser = await api.enter('ada');
      const cut = stream(browser);
      expect(await status(browser)).toBe(200);
      // The provider's own page for signing out, as its user sees it.
      const { response } = await browser.visit(`${api.idp.issuer}/session/end`);
      const secret = /name="xsrf" value="([^"]+)"/.exec(await response.text())?.[1] ?? '';
      await browser.submit(`${api.idp.issuer}/session/end/confirm`, { xsrf: secret, logout: 'yes' });
      await untilDead(browser, FIVE_SECONDS);
      expect(await cut).toBe(4403);
    });

    const send = (token: string, provider = 'corp') =>
      fetch(`${api.url}/auth/back-channel/${provider}`, {
        method: 'POST',
        body: new URLSearchParams({ logout_token: token }),
      });
    const claims = () => ({
      iss: api.idp.issuer,
      aud: CLIENT.id,
      sub: 'ada',
      jti: 'one',
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });

    it('is not heard with no signature, another key or a shared secret', async () => {
      const browser = await api.enter('ada');
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const now = Math.floor(Date.now() / 1000);
      const { privateKey } = await generateKeyPair('RS256');
      const forged = await new SignJWT(claims())
        .setProtectedHeader({ alg: 'RS256', kid: 'keystore-CHANGE-ME' })
        .setIssuedAt()
        .sign(privateKey);
      const shared = await new SignJWT(claims())
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuedAt()
        .sign(new TextEncoder().encode(CLIENT.secret));
      for (const token of ['', 'x.y.z', `${part({ alg: 'none' })}.${part({ ...claims(), iat: now })}.`, forged, shared])
        expect((await send(token)).status).toBe(400);
      expect((await send(forged, 'other')).status).toBe(400);
      expect(await status(browser)).toBe(200);
    });
  });
});
