import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Ailment } from './ailments.fixture.js';
import { postgres } from './api.fixture.js';
import { TestBrowser } from './browser.fixture.js';
import { startForgingProvider, type ForgingProvider } from './forging-provider.fixture.js';
import { CLIENT } from './identity-provider.fixture.js';
import { startSignInApi, type SignInApi } from './sign-in.fixture.js';

/** Metadata, and keys with it, is fetched each time: what ails is met at once. */
const PATIENCE = { requestMs: 1000, totalMs: 1400, signOutMs: 200, pauseMs: 50, metadataMs: 0 };
/** What the API and its database take beside the provider, on a machine that does other work too. */
const OWN_MS = 1500;
const HOUR_MS = 3_600_000;
const METADATA = '/.well-known/openid-configuration';
const PATHS = [METADATA, '/token', '/jwks', '/userinfo'];
const WITHOUT_ANSWER: readonly Ailment[] = ['never answers', 'drips for ever', 'breaks off'];

postgres.suite('a provider that ails', () => {
  let api: SignInApi;
  let ill: ForgingProvider;
  let well: ForgingProvider;
  beforeAll(async () => {
    [ill, well] = [await startForgingProvider('mallory'), await startForgingProvider('walter')];
    const providers = { ill, well };
    for (const one of [ill, well]) one.giveRefreshTokens();
    const client = { clientId: CLIENT.id, clientSecretFile: 'x', roles: { admins: 'Viewer' } };
    api = await startSignInApi({
      document: {
        providers: Object.entries(providers).map(([name, { issuer }]) => ({ name, issuer, ...client })),
        recheckSeconds: 1,
      },
      patience: PATIENCE,
    });
  });
  afterAll(async () => {
    await api.close();
    await ill.close();
    await well.close();
  });
  afterEach(async () => {
    const ailed = ill.heal();
    await api.store.withTenant('default', async (tx) => {
      for (const { id } of await grants()) await tx.grants.remove(id);
    });
    // A check of this test may still wait, and the next test would be told its end instead of an answer of its own.
    if (ailed) await answersAgain();
  });

  const enter = async (provider = 'ill', browser = new TestBrowser()) => {
    const begun = Date.now();
    const { response } = await browser.visit(`${api.url}/auth/login/${provider}?return_to=/auth`);
    const fault = /ISM\d{4}/.exec(await response.text())?.[0];
    const session = browser.cookies(api.url).get('isthmus-session');
    return { browser, status: response.status, fault, session, ms: Date.now() - begun };
  };
  const role = async ({ browser }: { browser: TestBrowser }) => {
    const { status, body } = await browser.query(api.url, '{ viewer { role } }');
    return status === 200 ? (body.data.viewer.role as string) : status;
  };
  const grants = async (of = [ill, well]) => {
    const people = { [ill.issuer]: 'mallory', [well.issuer]: 'walter' };
    return api.store.withTenant('default', async (tx) => {
      const found = [];
      for (const { issuer } of of) {
        const account = await tx.accounts.find(issuer, people[issuer] ?? '');
        found.push(...(account === undefined ? [] : await tx.grants.ofAccount(account.id)));
      }
      return found;
    });
  };

  /** What was asked before is given up, and is asked for anew. */
  const answersAgain = () => sleep(PATIENCE.requestMs + PATIENCE.pauseMs);

  describe.each(PATHS)('at %s', (path) => {
    it.each(WITHOUT_ANSWER)('lets nobody in, in bounded time, and says that it does not answer: it %s', async (how) => {
      ill.ail(path, how);
      const refused = await enter();
      expect(refused).toMatchObject({ status: 502, fault: 'ISM0994', session: undefined });
      expect(refused.ms).toBeLessThan(PATIENCE.totalMs + OWN_MS);
      expect(await grants()).toEqual([]);
      ill.ail(path, undefined);
      await answersAgain();
      expect(await role(await enter())).toBe('VIEWER');
    });

    it('is not followed from redirect to redirect', async () => {
      const before = ill.asked.length;
      ill.ail(path, 'redirects for ever');
      expect((await enter()).fault).toBe(path === METADATA ? 'ISM0994' : 'ISM0991');
      expect(ill.asked.slice(before).filter((one) => one === path)).toHaveLength(1);
      expect(await grants()).toEqual([]);
    });

    it('is waited for while it answers in time', async () => {
      ill.ail(path, 'answers late');
      expect(await role(await enter())).toBe('VIEWER');
    });
  });

  it('is given up when its answers together take too long, though each comes in time', async () => {
    for (const path of PATHS) ill.ail(path, 'answers late');
    const refused = await enter();
    expect(refused).toMatchObject({ status: 502, fault: 'ISM0994', session: undefined });
  });

  it.each([METADATA, '/token', '/jwks'])('keeps nobody out of other doors: %s', async (path) => {
    ill.ail(path, 'never answers');
    const [refused, other] = await Promise.all([enter('ill'), enter('well')]);
    expect(refused.fault).toBe('ISM0994');
    expect(await role(other)).toBe('VIEWER');
    expect(other.ms).toBeLessThan(refused.ms);
  });

  it.each(['never answers', 'drips for ever'] as const)('is not waited for by who leaves it: it %s', async (how) => {
    const { browser } = await enter();
    ill.ail(METADATA, how);
    const other = await enter('well', browser);
    expect(await role(other)).toBe('VIEWER');
    expect(other.ms).toBeLessThan(PATIENCE.requestMs);
    const { browser: leaving } = await enter('well');
    expect((await leaving.submit(`${api.url}/auth/logout`)).status).toBe(200);
  });

  it('is waited for shortly by who signs out, whose session is over', async () => {
    const begun = await enter();
    ill.ail(METADATA, 'never answers');
    const at = Date.now();
    expect((await begun.browser.submit(`${api.url}/auth/logout`)).status).toBe(200);
    expect(Date.now() - at).toBeLessThan(PATIENCE.requestMs);
    expect(await role(begun)).toBe(401);
  });

  it.each([METADATA, '/jwks'])(
    'has its logout tokens refused in bounded time, and one request for all of them: %s',
    async (path) => {
      const begun = await enter();
      const before = ill.asked.length;
      ill.ail(path, 'never answers');
      const at = Date.now();
      const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
      const token = await ill.sign({
        iss: ill.issuer,
        aud: CLIENT.id,
        sub: 'mallory',
        iat: Math.floor(at / 1000),
        events,
      });
      const tell = () =>
        fetch(`${api.url}/auth/back-channel/ill`, {
          method: 'POST',
          body: new URLSearchParams({ logout_token: token }),
        });
      const answers = await Promise.all(Array.from({ length: 20 }, tell));
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(400));
      expect(Date.now() - at).toBeLessThan(PATIENCE.totalMs + OWN_MS);
      expect(ill.asked.slice(before).filter((one) => one === path).length).toBeLessThanOrEqual(3);
      expect(await role(begun)).toBe('VIEWER');
      ill.ail(path, undefined);
      await answersAgain();
      expect((await tell()).status).toBe(200);
      expect(await role(begun)).toBe(401);
    },
  );

  describe('when it is asked again', () => {
    const faults = async () => (await grants([ill])).map(({ fault }) => fault);
    const checkedSince = async (at: number) => {
      const isChecked = async () => (await grants([ill])).every(({ checkedAt, fault }) => +checkedAt > at && !fault);
      await expect.poll(isChecked, { timeout: 10_000 }).toBe(true);
    };
    /** Has everybody asked about now: after silence that is half a minute later. */
    const hurry = async () => {
      const accounts = new Set((await grants([ill])).map(({ account }) => account));
      await api.store.withTenant('default', async (tx) => {
        for (const account of accounts) await tx.grants.hurry(account);
      });
    };

    it.each(PATHS)('nobody’s session ends of its silence: %s', async (path) => {
      const begun = await enter();
      ill.ail(path, 'drips for ever');
      await hurry();
      await expect.poll(faults, { timeout: 5000 }).toEqual([expect.any(String)]);
      expect(await role(begun)).toBe('VIEWER');
    });

    it.each([
      ['/jwks', 'never answers'],
      ['/userinfo', 'never answers'],
      ['/userinfo', 'breaks off'],
    ] as const)(
      'the refresh token that it gave before it fell silent is kept, since that before counts no more: %s %s',
      async (path, how) => {
        const begun = await enter();
        ill.ail(path, how);
        await hurry();
        await expect.poll(faults, { timeout: 5000 }).toEqual([expect.any(String)]);
        ill.ail(path, undefined);
        await answersAgain();
        const at = Date.now();
        await hurry();
        await checkedSince(at);
        expect(await role(begun)).toBe('VIEWER');
      },
    );

    it('a thousand people whom it says nothing of keep nobody else from being asked about', async () => {
      await enter();
      const [one] = await grants([ill]);
      if (one === undefined) throw new Error('nobody is there');
      ill.ail('/token', 'never answers');
      const { account, provider, sealed } = one;
      await api.store.withTenant('default', async (tx) => {
        const of = { account, provider, sealed, providerSession: undefined, dueAt: new Date(Date.now() - HOUR_MS) };
        for (let count = 1; count < 1000; count += 1) await tx.grants.create(of);
      });
      const before = ill.asked.length;
      const other = await enter('well');
      expect(await role(other)).toBe('VIEWER');
      well.refuseRefreshTokens();
      const at = Date.now();
      await expect.poll(() => role(other), { timeout: 10_000, interval: 50 }).toBe(401);
      // Due after a second at most, looked for each second, and learnt at once.
      expect(Date.now() - at).toBeLessThan(5000);
      expect(ill.asked.length - before).toBeGreaterThan(0);
      const again = await enter('well');
      expect(await role(again)).toBe('VIEWER');
    });
  });
});
