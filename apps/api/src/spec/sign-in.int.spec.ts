import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgres } from './api.fixture.js';
import { TestBrowser } from './browser.fixture.js';
import { startSignInApi, type SignInApi } from './sign-in.fixture.js';

postgres.suite('signing in through an OpenID provider', () => {
  let api: SignInApi;
  beforeAll(async () => {
    api = await startSignInApi({ document: { recheckSeconds: 300 } });
  });
  afterAll(() => api.close());

  const WHO = '{ viewer { actor name role tokenName } }';
  const session = (browser: TestBrowser) => browser.cookies(api.url).get('isthmus-session');
  /** The way back from the provider, not yet taken. */
  const wayBack = async (browser: TestBrowser, subject = 'ada') => {
    api.idp.signIn(subject);
    return (await browser.visit(`${api.url}/auth/login/corp`, /\/auth\/callback\//)).url;
  };
  const refused = async (browser: TestBrowser, url: string) => {
    const response = await browser.ask(url);
    expect(session(browser)).toBeUndefined();
    return { status: response.status, fault: /ISM\d{4}/.exec(await response.text())?.[0] };
  };
  const changed = (url: string, change: (query: URLSearchParams) => void) => {
    const next = new URL(url);
    change(next.searchParams);
    return next.href;
  };

  it('refuses a state that nobody began', async () => {
    const browser = new TestBrowser();
    const url = changed(await wayBack(browser), (query) => query.set('state', 'x'.repeat(43)));
    expect(await refused(browser, url)).toEqual({ status: 400, fault: 'ISM0990' });
  });

  it('refuses a way back that another browser began, so that nobody is signed in as somebody else', async () => {
    const [attacker, victim] = [new TestBrowser(), new TestBrowser()];
    const url = await wayBack(attacker);
    expect(await refused(victim, url)).toEqual({ status: 400, fault: 'ISM0990' });
    await victim.ask(`${api.url}/auth/login/corp`); // has a cookie of its own now
    expect(await refused(victim, url)).toEqual({ status: 400, fault: 'ISM0990' });
  });

  it('refuses another code, another issuer, and an error of the provider', async () => {
    for (const change of [
      (query: URLSearchParams) => query.set('code', 'made-up'),
      (query: URLSearchParams) => query.set('iss', 'https://evil.example'),
      (query: URLSearchParams) => query.delete('iss'),
      (query: URLSearchParams) => query.set('error', 'access_denied'),
      (query: URLSearchParams) => query.append('code', 'another'),
      (query: URLSearchParams) => query.append('iss', 'https://evil.example'),
      (query: URLSearchParams) => query.append('state', 'another'),
    ]) {
      const browser = new TestBrowser();
      expect(await refused(browser, changed(await wayBack(browser), change))).toEqual({
        status: 400,
        fault: 'ISM0991',
      });
    }
  });

  it('refuses the code of another sign-in of the same person: PKCE and nonce belong to one', async () => {
    const [first, second] = [new TestBrowser(), new TestBrowser()];
    const stolen = new URL(await wayBack(first)).searchParams.get('code') ?? '';
    const url = changed(await wayBack(second), (query) => query.set('code', stolen));
    expect(await refused(second, url)).toEqual({ status: 400, fault: 'ISM0991' });
  });

  it('refuses the same way back a second time', async () => {
    const browser = new TestBrowser();
    const url = await wayBack(browser);
    expect((await browser.ask(url)).status).toBe(303);
    browser.cookies(api.url).delete('isthmus-session');
    expect(await refused(browser, url)).toEqual({ status: 400, fault: 'ISM0990' });
  });

  it('refuses a provider that is not configured, and one at the address of another', async () => {
    const browser = new TestBrowser();
    expect(await refused(browser, `${api.url}/auth/login/other`)).toEqual({ status: 404, fault: 'ISM0998' });
    const url = (await wayBack(browser)).replace('/callback/corp', '/callback/other');
    expect(await refused(browser, url)).toEqual({ status: 404, fault: 'ISM0998' });
  });

  it('refuses somebody whose groups give no role', async () => {
    const browser = new TestBrowser();
    expect(await refused(browser, await wayBack(browser, 'nia'))).toEqual({ status: 403, fault: 'ISM0992' });
  });

  it('signs in, and everything that is asked for is of that person', async () => {
    const browser = await api.enter('ada');
    const { status, body } = await browser.query(api.url, WHO);
    expect(status).toBe(200);
    expect(body.data.viewer).toMatchObject({ name: 'Ada L.', role: 'ADMIN', tokenName: '' });
    expect(body.data.viewer.actor).toMatch(/^user:[0-9a-f-]{36}$/);
    const reader = await api.enter('rob');
    expect((await reader.query(api.url, WHO)).body.data.viewer).toMatchObject({ name: 'Rob', role: 'VIEWER' });
    expect(await (await browser.ask(`${api.url}/auth`)).text()).toContain('Ada L.');
  });

  it('keeps its cookie from scripts, other sites and, over TLS, from other hosts', async () => {
    const browser = new TestBrowser();
    const response = await browser.ask(await wayBack(browser));
    const line = response.headers.getSetCookie().find((one) => one.startsWith('isthmus-session=')) ?? '';
    expect(line).toMatch(/; HttpOnly/);
    expect(line).toMatch(/; SameSite=Lax/);
    expect(line).not.toMatch(/Domain/i);
  });

  it('gives its pages a style that their policy allows, and forms whose origin browsers send', async () => {
    const response = await new TestBrowser().ask(`${api.url}/auth/login`);
    const style = /<style>([^]*)<\/style>/.exec(await response.text())?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(response.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`);
    expect(response.headers.get('referrer-policy')).toBe('same-origin');
  });

  it('takes no cookie from other origins, nor without the header that forms cannot send', async () => {
    const browser = await api.enter('ada');
    for (const headers of [
      { 'x-isthmus-csrf': undefined },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { authorization: 'Bearer isth_wrong' },
    ]) {
      const sent = new Headers({ 'content-type': 'application/json', 'x-isthmus-csrf': '1', origin: api.url });
      for (const [name, value] of Object.entries(headers))
        if (value === undefined) sent.delete(name);
        else sent.set(name, value);
      const response = await browser.ask(`${api.url}/graphql`, {
        method: 'POST',
        headers: Object.fromEntries(sent),
        body: JSON.stringify({ query: WHO }),
      });
      expect([headers, response.status]).toEqual([headers, 401]);
    }
  });

  it('takes the secret of a browser as no bearer token', async () => {
    const browser = await api.enter('ada');
    const secret = session(browser) ?? '';
    expect(secret).toMatch(/^isths_[\w-]{43}$/);
    const { status } = await new TestBrowser().query(api.url, WHO, { authorization: `Bearer ${secret}` });
    expect(status).toBe(401);
  });

  it('gives a new secret at each sign-in, and ends the session that the browser had', async () => {
    const browser = await api.enter('ada');
    const planted = session(browser) ?? '';
    await api.enter('rob', browser);
    expect(session(browser)).not.toBe(planted);
    browser.cookies(api.url).set('isthmus-session', planted);
    expect((await browser.query(api.url, WHO)).status).toBe(401);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/%0d%0aset-cookie:x',
    'javascript:alert(1)',
    '/a b',
  ])('leads only to pages of its own, not to %j', async (to) => {
    const browser = new TestBrowser();
    api.idp.signIn('ada');
    const start = `${api.url}/auth/login/corp?return_to=${encodeURIComponent(to)}`;
    const back = (await browser.visit(start, /\/auth\/callback\//)).url;
    const location = (await browser.ask(back)).headers.get('location') ?? '';
    expect(new URL(location, api.url).origin).toBe(api.url);
    expect(location).toMatch(/^\/[^/\\]/);
  });

  it('leads back to the page that was asked for', async () => {
    const browser = new TestBrowser();
    api.idp.signIn('ada');
    const back = (await browser.visit(`${api.url}/auth/login/corp?return_to=/graphiql/?a=b`, /\/auth\/callback\//)).url;
    expect((await browser.ask(back)).headers.get('location')).toBe('/graphiql/?a=b');
  });

  it('does not sign out by a form of another site', async () => {
    const browser = await api.enter('ada');
    const forms: Record<string, string>[] = [
      {},
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of forms)
      expect((await browser.ask(`${api.url}/auth/logout`, { method: 'POST', headers })).status).toBe(400);
    expect((await browser.query(api.url, WHO)).status).toBe(200);
  });

  it('signs out here at once, and leads on to the provider', async () => {
    const browser = await api.enter('ada');
    const secret = session(browser) ?? '';
    const page = await (await browser.submit(`${api.url}/auth/logout`)).text();
    expect(page).toContain(`content="0; url=${api.idp.issuer}/session/end?`);
    expect(session(browser)).toBeUndefined();
    browser.cookies(api.url).set('isthmus-session', secret);
    expect((await browser.query(api.url, WHO)).status).toBe(401);
  });

  it('writes sign-ins and sign-outs to the audit log, and no secret with them', async () => {
    const browser = await api.enter('ada');
    const secret = session(browser) ?? '';
    await browser.submit(`${api.url}/auth/logout`);
    const { body } = await api.send('{ auditLog(first: 20) { nodes { actor action name after } } }');
    const actions = body.data.auditLog.nodes.map(({ action }: { action: string }) => action);
    expect(actions.slice(0, 2)).toEqual(['signOut', 'signIn']);
    expect(JSON.stringify(body)).not.toContain(secret);
  });

  it('limits what an address may begin, and neither signing out nor what a provider says', async () => {
    const browser = await api.enter('ada');
    const asked = Array.from({ length: 100 }, () => new TestBrowser().ask(`${api.url}/auth/login/corp`));
    const refusals = (await Promise.all(asked)).filter((response) => response.status === 429);
    expect(refusals.length).toBeGreaterThan(0);
    for (const { headers } of refusals) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    const word = { method: 'POST', body: new URLSearchParams({ logout_token: 'x' }) };
    expect((await fetch(`${api.url}/auth/back-channel/corp`, word)).status).toBe(400);
    expect((await browser.submit(`${api.url}/auth/logout`)).status).toBe(200);
  });
});
