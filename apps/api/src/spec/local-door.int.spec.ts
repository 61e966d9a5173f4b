import { randomBytes } from 'node:crypto';
import { TOTP, URI } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkCredential, createLogger, hashCredential, manualClock, silentLogger } from '@isthmus/platform';
import { bootstrap, LOCAL_PROVIDER, type Store } from '@isthmus/store';
import { LocalDoor } from '../auth/local/local-door.js';
import { createSealer } from '../auth/sealer.js';
import { SignInError } from '../auth/sign-in-error.js';
import { SignIn } from '../auth/sign-in.js';
import { NO_SIGN_IN } from '../auth/sign-in-settings.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { TestBrowser } from './browser.fixture.js';
import { freePort } from './free-port.fixture.js';
import { tokenWith } from './roles.fixture.js';
import { settingsFor } from './sign-in.fixture.js';

const PASSWORD = 'planted-password-of-the-door';
const CHEAP = 4;

async function openDoor(store: Store, codes: boolean, expiresAt = new Date('2099-01-01')): Promise<string> {
  const { uri, ...stored } = await hashCredential('break-glass', { password: PASSWORD, codes, logCost: CHEAP });
  await store.withTenant('default', (tx) => tx.localAdmins.put({ name: 'break-glass', ...stored, expiresAt }));
  return uri ?? '';
}

postgres.suite('the local door, as a browser finds it', () => {
  let api: TestApi;
  let logged = '';
  beforeAll(async () => {
    const log = createLogger('spec', 'trace', { write: (line) => void (logged += line) });
    const port = await freePort();
    const settings = await settingsFor(`http://127.0.0.1:${port}`, {});
    api = await startTestApi({
      log,
      port,
      recheckMs: 300,
      signIn: { settings, sealer: createSealer(randomBytes(32)) },
    });
  });
  afterAll(() => api.close());

  const WHO = '{ viewer { name role } sessions { kind account { provider } isCurrent } }';
  const RIGHT = { name: 'break-glass', password: PASSWORD, code: '' };
  const form = (fields: Record<string, string>, browser = new TestBrowser()) =>
    browser.submit(`${api.url}/auth/local`, { return_to: '/auth', ...fields });
  /** What a person sees, without the id of the request. */
  const seen = async (response: Response) => ({
    status: response.status,
    cookies: response.headers.getSetCookie(),
    page: (await response.text()).replace(/request [\w-]+/, ''),
  });
  const loginPage = async () => (await fetch(`${api.url}/auth/login`)).text();

  it('is not there while nobody made a local administrator, and after its time', async () => {
    await openDoor(api.store, false, new Date(Date.now() - 1));
    expect(await loginPage()).not.toContain('/auth/local');
    const response = await form(RIGHT);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('ISM0998');
  });

  describe('once it is open', () => {
    beforeAll(() => openDoor(api.store, false));
    beforeEach(() => api.store.withTenant('default', (tx) => tx.localAdmins.forgive()));

    it('refuses forms of other sites', async () => {
      const sites: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }];
      for (const headers of sites) {
        const body = new URLSearchParams(RIGHT);
        const sent = { method: 'POST', body, headers };
        expect(await (await fetch(`${api.url}/auth/local`, sent)).text()).toContain('ISM0990');
      }
    });

    it('answers an unknown name and a wrong password alike', async () => {
      const unknown = await seen(await form({ ...RIGHT, name: 'nobody' }));
      const wrong = await seen(await form({ ...RIGHT, password: 'wrong' }));
      expect(unknown).toEqual(wrong);
      expect(unknown).toMatchObject({ status: 403, cookies: [] });
      expect(unknown.page).toContain('ISM0995');
    });

    it('locks a network out after five wrong attempts, whoever is right then, and says when to come back', async () => {
      for (const _ of [1, 2, 3, 4, 5]) expect((await form({ ...RIGHT, password: 'wrong' })).status).toBe(403);
      const response = await form(RIGHT);
      expect(response.status).toBe(429);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(50);
    });

    it('lets the administrator in as Owner, in a session that is listed and ends when it is ended', async () => {
      expect(await loginPage()).toContain('action="/auth/local"');
      const browser = new TestBrowser();
      const response = await form(RIGHT, browser);
      expect([response.status, response.headers.get('location')]).toEqual([303, '/auth']);
      const { data } = (await browser.query(api.url, WHO)).body;
      expect(data.viewer).toEqual({ name: 'break-glass', role: 'OWNER' });
      expect(data.sessions).toEqual([{ kind: 'BROWSER', account: { provider: LOCAL_PROVIDER }, isCurrent: true }]);
      const all = await api.send('{ sessions(all: true) { id } }');
      for (const { id } of all.body.data.sessions)
        await api.send(`mutation { endSession(sessionId: "${id}") { __typename } }`);
      expect((await browser.query(api.url, WHO)).status).toBe(401);
    });

    it('ends what it opened as soon as it is closed', async () => {
      const browser = new TestBrowser();
      await form(RIGHT, browser);
      expect((await browser.query(api.url, WHO)).status).toBe(200);
      await api.store.withTenant('default', (tx) => tx.localAdmins.remove('break-glass'));
      expect((await browser.query(api.url, WHO)).status).toBe(401);
      await openDoor(api.store, false);
    });

    it('is locked by Owners alone: an Admin cannot shut the last way in', async () => {
      await form(RIGHT);
      const [account] = await api.store.withTenant('default', (tx) => tx.accounts.list());
      const lock = `mutation { lockAccount(accountId: "${account?.id}") { ok { lockedAt } } }`;
      const admin = await tokenWith(api.store, 'default', 'Admin');
      const refused = await new TestBrowser().query(api.url, lock, { authorization: `Bearer ${admin}` });
      expect(refused.body.errors?.[0].extensions).toMatchObject({ code: 'FORBIDDEN', permission: 'breakGlass.manage' });
      await api.send(lock);
      expect(await (await form(RIGHT)).text()).toContain('ISM0993');
      await api.send(`mutation { unlockAccount(accountId: "${account?.id}") { __typename } }`);
      expect((await form(RIGHT)).status).toBe(303);
    });

    it('writes each attempt to the audit log, and what was typed neither there nor into the log', async () => {
      await form({ ...RIGHT, name: 'planted-name-that-is-a-password' });
      await form({ ...RIGHT, password: 'planted-wrong-password' });
      await form(RIGHT);
      const { items } = await api.store.withTenant('default', (tx) => tx.audit.list({}, { first: 100 }));
      const rows = items.map(({ record }) => record).slice(0, 3);
      expect(rows.map(({ action, name, after }) => [action, name, after])).toMatchObject([
        ['signIn', 'break-glass', { provider: LOCAL_PROVIDER }],
        ['refuseSignIn', 'break-glass', { fault: 'ISM0995', isKnown: true }],
        ['refuseSignIn', '', { fault: 'ISM0995', isKnown: false }],
      ]);
      expect(rows.every(({ ip, requestId }) => ip !== undefined && requestId !== undefined)).toBe(true);
      expect(logged).toContain('local door');
      expect(`${JSON.stringify(items)}${logged}`).not.toMatch(/planted|scrypt/);
    });
  });
});

postgres.suite('the local door, by the clock', () => {
  const clock = manualClock(new Date('2027-01-01T00:00:15Z'));
  let store: Store;
  let door: LocalDoor;
  let checked: string[] = [];
  let uri = '';
  beforeAll(async () => {
    const fresh = await postgres.freshStore({ clock });
    store = fresh.store;
    await bootstrap({ connectionString: fresh.url, store });
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await store.withTenant('default', (tx) => tx.localAdmins.forgive());
    uri = await openDoor(store, false);
    checked = [];
    const parts = { store, clock, log: silentLogger(), settings: NO_SIGN_IN, sealer: createSealer(randomBytes(32)) };
    door = new LocalDoor(new SignIn(parts), (name, given, stored) => {
      checked.push(name);
      return checkCredential(name, given, stored);
    });
  });

  const RIGHT = { name: 'break-glass', password: PASSWORD, code: '' };
  const WRONG = { ...RIGHT, password: 'wrong' };
  const enter = (given: Partial<typeof RIGHT>, ip = '192.0.2.1') =>
    door.enter({ ...RIGHT, ...given }, { requestId: 'r', ip, device: 'spec' }).then(
      () => 'in',
      (error: unknown) => (error instanceof SignInError ? error.fault : error),
    );
  const fail = async (times: number, ip?: string) => {
    for (let time = 0; time < times; time += 1) expect(await enter(WRONG, ip)).toBe('ISM0995');
  };
  const code = () => {
    const totp = URI.parse(uri);
    if (!(totp instanceof TOTP)) throw new Error('no address of time-based codes');
    return totp.generate({ timestamp: clock.now().getTime() });
  };

  it('does the work of a password for a name that nobody has', async () => {
    expect(await enter({ name: 'nobody' })).toBe('ISM0995');
    expect(await enter({ name: 'nobody', password: 'wrong' })).toBe('ISM0995');
    expect(checked).toHaveLength(2);
  });

  it('does no work while it is closed, nor for a network that is locked out', async () => {
    await fail(5);
    checked = [];
    expect(await enter({})).toBe('ISM0996');
    await store.withTenant('default', (tx) => tx.localAdmins.remove('break-glass'));
    expect(await enter({})).toBe('ISM0998');
    expect(checked).toEqual([]);
  });

  it('forgives four wrong attempts, and not five', async () => {
    await fail(4);
    expect(await enter({})).toBe('in');
    await fail(4);
    expect(await enter({})).toBe('in'); // the right one cleared those before
    await fail(5);
    expect(await enter({})).toBe('ISM0996');
  });

  it('counts wrong attempts of fifteen minutes together, and no longer', async () => {
    await fail(4);
    clock.advance(15 * 60_000 + 1);
    await fail(4);
    clock.advance(15 * 60_000);
    await fail(1);
    expect(await enter({})).toBe('ISM0996');
  });

  it('locks out for a minute, then twice as long each time, an hour at most', async () => {
    for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
      await fail(5);
      clock.advance(minutes * 60_000 - 1);
      expect([minutes, await enter({})]).toEqual([minutes, 'ISM0996']);
      clock.advance(1);
    }
    expect(await enter({})).toBe('in');
    await fail(5);
    clock.advance(60_000);
    expect(await enter({})).toBe('in'); // begins anew after a right one
  });

  it('locks out the network that was wrong, and nobody else', async () => {
    await fail(5, '2001:db8:1:2::1');
    expect(await enter({}, '2001:db8:1:2:ffff::9')).toBe('ISM0996');
    expect(await enter({}, '2001:db8:1:3::1')).toBe('in');
  });

  it('lets nobody try more at once than one after the other', async () => {
    const faults = await Promise.all(Array.from({ length: 20 }, () => enter(WRONG)));
    expect(faults.filter((fault) => fault === 'ISM0995')).toHaveLength(5);
    expect(faults.filter((fault) => fault === 'ISM0996')).toHaveLength(15);
  });

  it('takes a one-time code once, and after it none of an earlier time', async () => {
    uri = await openDoor(store, true);
    expect(await enter({})).toBe('ISM0995');
    const earlier = code();
    clock.advance(30_000);
    const now = code();
    expect(await enter({ code: now })).toBe('in');
    expect(await enter({ code: now })).toBe('ISM0995');
    expect(await enter({ code: earlier })).toBe('ISM0995');
    clock.advance(30_000);
    expect(await enter({ code: code() })).toBe('in');
  });

  it('takes a code once when it is shown twice at the same time', async () => {
    uri = await openDoor(store, true);
    clock.advance(90_000);
    const shown = code();
    expect((await Promise.all([enter({ code: shown }), enter({ code: shown })])).sort()).toEqual(['ISM0995', 'in']);
  });
});
