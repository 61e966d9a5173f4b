import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '@isthmus/platform';
import { createSealer } from '../auth/sealer.js';
import { hashToken } from '../auth/api-token.js';
import type { ApiServerOptions } from '../server/api-server.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { TestBrowser } from './browser.fixture.js';
import { freePort } from './free-port.fixture.js';
import { tokenWith } from './roles.fixture.js';
import { settingsFor } from './sign-in.fixture.js';

const WHO = '{ viewer { actor name role } }';

async function startApi(publicUrl?: string, options: Partial<ApiServerOptions> = {}): Promise<TestApi> {
  const port = await freePort();
  const settings = await settingsFor(publicUrl ?? `http://127.0.0.1:${port}`, {});
  return startTestApi({ port, signIn: { settings, sealer: createSealer(randomBytes(32)) }, ...options });
}

const wanted = ({ url }: TestApi, token: string | undefined, headers: Record<string, string> = {}) =>
  fetch(`${url}/auth/loopback`, {
    method: 'POST',
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
  });
const linkOf = async (api: TestApi): Promise<string> =>
  ((await (await wanted(api, api.tokens.admin)).json()) as { url: string }).url;

postgres.suite('signing in by a link of this machine', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  const session = (browser: TestBrowser) => browser.cookies(api.url).get('isthmus-session');
  const refused = async (response: Response) => [response.status, /ISM\d{4}/.exec(await response.text())?.[0]];
  const REFUSED = [403, 'ISM0989'];

  it('makes no link for who is not an Owner, nor for a cookie', async () => {
    const forAWhile = await tokenWith(api.store, 'default');
    await api.store.withTenant('default', async (tx) => {
      const subject = {
        kind: 'TOKEN' as const,
        id: (await tx.tokens.list()).find(({ name }) => name === 'spec')?.id ?? '',
      };
      const grant = {
        subject,
        role: 'Owner',
        scope: { kind: 'ORGANIZATION' as const, name: '' },
        createdBy: 'user:spec',
      };
      await tx.roleBindings.put({ ...grant, expiresAt: new Date('2099-01-01') });
    });
    for (const token of [undefined, 'isth_wrong', api.tokens.viewer, api.tokens.editor, forAWhile])
      expect(await refused(await wanted(api, token))).toEqual(REFUSED);
    const browser = new TestBrowser();
    await browser.ask(await linkOf(api));
    const headers = { origin: api.url, 'x-isthmus-csrf': '1', 'sec-fetch-site': 'same-origin' };
    expect(await refused(await browser.ask(`${api.url}/auth/loopback`, { method: 'POST', headers }))).toEqual(REFUSED);
  });

  it.each<Record<string, string>>([
    { 'x-forwarded-for': '127.0.0.1' },
    { forwarded: 'for=127.0.0.1' },
    { via: '1.1 proxy' },
    { 'x-real-ip': '127.0.0.1' },
    { 'x-forwarded-host': 'localhost' },
    { 'x-forwarded-proto': 'https' },
  ])('neither makes nor takes one for what came past a proxy: %j', async (headers) => {
    expect(await refused(await wanted(api, api.tokens.admin, headers))).toEqual(REFUSED);
    const url = await linkOf(api);
    expect(await refused(await new TestBrowser().ask(url, { headers }))).toEqual(REFUSED);
    expect((await new TestBrowser().ask(url)).status).toBe(303); // a refusal uses none up
  });

  it('takes none under another name that leads here', async () => {
    const { port, pathname, search } = new URL(await linkOf(api));
    const status = await new Promise((resolve, reject) => {
      const headers = { host: `rebound.example:${port}` };
      http
        .get({ host: '127.0.0.1', port, path: pathname + search, headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
        .on('error', reject);
    });
    expect(status).toBe(403);
  });

  it.each([
    ['the API listens everywhere', undefined, { host: '0.0.0.0' }],
    ['browsers are told another address', 'https://isthmus.example', {}],
  ])('makes and takes none where %s', async (_why, publicUrl, options) => {
    const open = await startApi(publicUrl, options);
    try {
      expect(await refused(await wanted(open, open.tokens.admin))).toEqual(REFUSED);
      const secret = new URL(await linkOf(api)).searchParams.get('link') ?? '';
      const attempt = { stateHash: hashToken(secret), browserHash: '', sealed: '', returnTo: '/console/' };
      await open.store.withTenant('default', (tx) =>
        tx.signInAttempts.begin({ ...attempt, provider: '(loopback)', expiresAt: new Date(Date.now() + 60_000) }),
      );
      expect(await refused(await fetch(`${open.url}/auth/loopback?link=${secret}`))).toEqual(REFUSED);
    } finally {
      await open.close();
    }
  });

  it('takes none that was never made, and none after ten minutes', async () => {
    for (const guess of ['', '?link=', `?link=isths_${'A'.repeat(43)}`, '?link=a&link=b'])
      expect(await refused(await new TestBrowser().ask(`${api.url}/auth/loopback${guess}`))).toEqual(REFUSED);
    let agoMs = 0;
    const clock = { ...systemClock, now: () => new Date(Date.now() - agoMs) };
    const clocked = await startApi(undefined, { clock });
    try {
      const links: string[] = [];
      for (agoMs of [10 * 60_000 + 1000, 9 * 60_000]) links.push(await linkOf(clocked));
      const [late = '', inTime = ''] = links;
      expect(await refused(await new TestBrowser().ask(late))).toEqual(REFUSED);
      expect((await new TestBrowser().ask(inTime)).status).toBe(303);
    } finally {
      await clocked.close();
    }
  });

  it('signs an Owner in once, and nobody by the same link again', async () => {
    const url = await linkOf(api);
    const browser = new TestBrowser();
    const response = await browser.ask(url);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/console/']);
    expect((await browser.query(api.url, WHO)).body.data.viewer).toMatchObject({
      name: 'Administrator of this machine',
      role: 'OWNER',
    });
    const second = new TestBrowser();
    expect(await refused(await second.ask(url))).toEqual(REFUSED);
    expect(session(second)).toBeUndefined();
    expect((await browser.query(api.url, WHO)).status).toBe(200);
  });

  it('is not used up by what looks at links before they are opened', async () => {
    const url = await linkOf(api);
    await fetch(url, { method: 'HEAD' });
    expect((await fetch(url, { headers: { 'sec-purpose': 'prefetch;prerender' } })).status).toBe(503);
    expect((await new TestBrowser().ask(url)).status).toBe(303);
  });

  it('lies in the database as a hash, and stands in the audit log without its secret', async () => {
    const url = await linkOf(api);
    const secret = new URL(url).searchParams.get('link') ?? '';
    expect(secret).toMatch(/^isths_[\w-]{43}$/);
    const taken = await api.store.withTenant('default', (tx) =>
      tx.signInAttempts.take({ stateHash: secret, browserHash: '', provider: '(loopback)' }),
    );
    expect(taken).toBeUndefined();
    await new TestBrowser().ask(url);
    const { body } = await api.send('{ auditLog(first: 2) { nodes { actor action subjectKind name after } } }');
    expect(body.data.auditLog.nodes).toMatchObject([
      { action: 'signIn', subjectKind: 'Session', name: 'Administrator of this machine' },
      { action: 'createSignInLink', subjectKind: 'SignInLink' },
    ]);
    expect(JSON.stringify(body)).not.toContain(secret);
  });

  it('counts refusals in the audit log', async () => {
    const door = await startApi();
    await fetch(`${door.url}/auth/loopback?link=guess`);
    await door.server.close(); // writes what it counted
    const rows = await door.store.withTenant('default', (tx) =>
      tx.audit.list({ action: 'refuseSignIn' }, { first: 5 }),
    );
    expect(rows.items).toMatchObject([{ record: { name: 'loopback', after: { fault: 'ISM0989', count: 1 } } }]);
    await door.store.close();
  });
});

postgres.suite('what the console asks before it shows anything', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it('is whether the cookie counts, for scripts of this origin alone, and the ways to sign in', async () => {
    const ask = async (browser: TestBrowser, headers: Record<string, string>) =>
      (await browser.ask(`${api.url}/auth/session`, { headers })).json();
    const ours = { 'x-isthmus-csrf': '1', 'sec-fetch-site': 'same-origin' };
    const browser = new TestBrowser();
    expect(await ask(browser, ours)).toEqual({ signedIn: false, providers: [], isLocalOpen: false });
    await browser.ask(await linkOf(api));
    expect(await ask(browser, ours)).toEqual({
      ...{ signedIn: true, providers: [], isLocalOpen: false },
      actor: expect.stringMatching(/^user:/) as string,
    });
    expect(await ask(browser, {})).toMatchObject({ signedIn: false });
    expect(await ask(browser, { ...ours, origin: 'https://evil.example' })).toMatchObject({ signedIn: false });
    await browser.submit(`${api.url}/auth/logout`);
    expect(await ask(browser, ours)).toMatchObject({ signedIn: false });
  });
});
