import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgres } from './api.fixture.js';
import { TestBrowser } from './browser.fixture.js';
import { CLIENT } from './identity-provider.fixture.js';
import { startSignInApi, type SignInApi } from './sign-in.fixture.js';

postgres.suite('command lines, own tokens and sessions of people', () => {
  let api: SignInApi;
  beforeAll(async () => {
    api = await startSignInApi({ document: { recheckSeconds: 300 } });
  });
  afterAll(() => api.close());

  const WHO = '{ viewer { name role } }';
  const post = async (path: string, fields: Record<string, string>) => {
    const response = await fetch(`${api.url}${path}`, { method: 'POST', body: new URLSearchParams(fields) });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  const begin = async () => (await post('/auth/device/code', { client_id: 'isthmus-cli', device: 'laptop' })).body;
  const poll = (code = '') =>
    post('/auth/token', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: code });
  /** Polls come five seconds apart; the spec does not wait for them. */
  const pollNow = async (code = '') => {
    await api.store.withTenant('default', async (tx) => {
      const hash = createHash('sha256').update(code).digest('hex');
      await tx.deviceLogins.poll(hash, 0);
    });
    return poll(code);
  };
  const as = async (secret: string, query = WHO) =>
    new TestBrowser().query(api.url, query, { authorization: `Bearer ${secret}` });
  const decide = (browser: TestBrowser, code: string | undefined, decision: string) =>
    browser.submit(`${api.url}/auth/device`, { user_code: code ?? '', decision });
  const letIn = async (browser: TestBrowser): Promise<string> => {
    const { device_code: device, user_code: user } = await begin();
    await decide(browser, user, 'approve');
    return (await poll(device)).body['access_token'] ?? '';
  };

  it('are refused as other clients, with codes that nobody was given, and by other grants', async () => {
    expect((await post('/auth/device/code', { client_id: 'other' })).body['error']).toBe('invalid_client');
    expect((await poll('made-up')).body['error']).toBe('invalid_grant');
    expect((await post('/auth/token', { grant_type: 'password' })).body['error']).toBe('unsupported_grant_type');
  });

  it('wait until somebody decides, and are told to slow down', async () => {
    const { device_code: device } = await begin();
    expect((await poll(device)).body['error']).toBe('authorization_pending');
    expect((await poll(device)).body['error']).toBe('slow_down');
  });

  it('are shown only to who is signed in, and by no form of another site', async () => {
    const { user_code: code = '', device_code: device, verification_uri_complete: page = '' } = await begin();
    const nobody = await new TestBrowser().ask(page);
    expect(nobody.headers.get('location')).toContain('/auth/login?return_to=%2Fauth%2Fdevice');
    expect((await decide(new TestBrowser(), code, 'approve')).status).toBe(400);
    const browser = await api.enter('ada');
    const evil = { method: 'POST', body: new URLSearchParams({ user_code: code, decision: 'approve' }) };
    expect(
      (await browser.ask(`${api.url}/auth/device`, { ...evil, headers: { origin: 'https://evil.example' } })).status,
    ).toBe(400);
    expect((await poll(device)).body['error']).toBe('authorization_pending');
  });

  it('are refused when somebody refuses them', async () => {
    const browser = await api.enter('ada');
    const { user_code: code, device_code: device } = await begin();
    await decide(browser, code, 'deny');
    expect((await poll(device)).body['error']).toBe('access_denied');
  });

  it('act as who let them in, once for each code', async () => {
    const browser = await api.enter('rob');
    const { user_code: code, device_code: device, verification_uri_complete: page = '' } = await begin();
    expect(await (await browser.ask(page)).text()).toContain('laptop');
    await decide(browser, code, 'approve');
    const { body } = await poll(device);
    expect(body['access_token']).toMatch(/^isths_[\w-]{43}$/);
    expect((await as(body['access_token'] ?? '')).body.data.viewer).toEqual({ name: 'Rob', role: 'VIEWER' });
    expect((await pollNow(device)).status).toBe(400);
    const asCookie = new TestBrowser();
    asCookie.cookies(api.url).set('isthmus-session', body['access_token'] ?? '');
    expect((await asCookie.query(api.url, WHO)).status).toBe(401);
  });

  it('end when their session is ended, by its owner or by who manages sessions, and by nobody else', async () => {
    const [ada, rob] = [await api.enter('ada'), await api.enter('rob')];
    const [ofAda, ofRob] = [await letIn(ada), await letIn(rob)];
    const list = async (secret: string, all = false) =>
      (await as(secret, `{ sessions(all: ${all}) { id kind isCurrent device checkedAt account { name } } }`)).body;
    const idOf = async (secret: string) =>
      (await list(secret)).data.sessions.find(({ isCurrent }: { isCurrent: boolean }) => isCurrent).id as string;
    const end = (secret: string, id: string) =>
      as(secret, `mutation { endSession(sessionId: "${id}") { ok { id } error { code } } }`);
    const [idOfAda, idOfRob] = [await idOf(ofAda), await idOf(ofRob)];
    expect((await list(ofRob, true)).errors?.[0].extensions.code).toBe('FORBIDDEN');
    expect((await end(ofRob, idOfAda)).body.errors?.[0].extensions.code).toBe('FORBIDDEN');
    expect((await list(ofAda, true)).data.sessions.map(({ id }: { id: string }) => id)).toContain(idOfRob);
    expect((await end(ofAda, idOfRob)).body.data.endSession.ok).toEqual({ id: idOfRob });
    expect((await as(ofRob)).status).toBe(401);
    expect((await end(ofAda, idOfAda)).status).toBe(200);
    expect((await as(ofAda)).status).toBe(401);
  });

  const makeToken = (browser: TestBrowser, input: string) =>
    browser.query(
      api.url,
      `mutation { createPersonalToken(input: {${input}}) { ok { secret apiToken { id expiresAt } } error { code issues { code } } } }`,
    );

  it('are refused tokens that live too long, of unknown roles, and made by tokens', async () => {
    const browser = await api.enter('rob');
    for (const days of [0, 367])
      expect(
        (await makeToken(browser, `name: "a", role: "Viewer", expiresInDays: ${days}`)).body.data.createPersonalToken
          .error.issues[0].code,
      ).toBe('ISM0999');
    expect((await makeToken(browser, 'name: "a", role: "Nobody"')).body.data.createPersonalToken.error.code).toBe(
      'INVALID',
    );
    const { secret } = (await makeToken(browser, 'name: "a", role: "Viewer"')).body.data.createPersonalToken.ok;
    const again = await as(
      secret,
      'mutation { createPersonalToken(input: {name: "b", role: "Viewer"}) { error { code } } }',
    );
    expect(again.body.data.createPersonalToken.error.code).toBe('REFUSED');
    const org = await api.send(
      'mutation { createApiToken(input: {name: "c", role: VIEWER, expiresInDays: 367}) { error { issues { code } } } }',
    );
    expect(org.body.data.createApiToken.error.issues[0].code).toBe('ISM0999');
  });

  it('have tokens that end by themselves, and that give no more than their owner has', async () => {
    const browser = await api.enter('rob');
    const { secret, apiToken } = (await makeToken(browser, 'name: "wide", role: "Owner"')).body.data.createPersonalToken
      .ok;
    const days = (Date.parse(apiToken.expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(89.9);
    expect(days).toBeLessThanOrEqual(90);
    const write = await as(secret, 'mutation { putProject(input: {name: "x", spec: {}}) { ok { dryRun } } }');
    expect(write.body.errors?.[0].extensions.code).toBe('FORBIDDEN');
    const [other] = (await api.send('{ apiTokens { nodes { id } } }')).body.data.apiTokens.nodes;
    const revoke = (id: string) =>
      as(secret, `mutation { revokeApiToken(input: {tokenId: "${id}"}) { ok { revokedAt } } }`);
    expect((await revoke(other.id)).body.errors?.[0].extensions.code).toBe('FORBIDDEN');
    expect((await as(secret, '{ apiTokens { totalCount } }')).body.errors?.[0].extensions.code).toBe('FORBIDDEN');
    expect((await revoke(apiToken.id)).body.data.revokeApiToken.ok.revokedAt).not.toBeNull();
    expect((await as(secret)).status).toBe(401);
  });

  it('lose sessions and tokens when their account is locked, and cannot come back before it is unlocked', async () => {
    const browser = await api.enter('rob');
    const cli = await letIn(browser);
    const { secret } = (await makeToken(browser, 'name: "ci", role: "Viewer"')).body.data.createPersonalToken.ok;
    expect((await as(secret)).status).toBe(200);
    const [{ id }] = (await api.send('{ accounts { id name } }')).body.data.accounts.filter(
      ({ name }: { name: string }) => name === 'Rob',
    );
    const lock = (word: string) =>
      api.send(`mutation { ${word}Account(accountId: "${id}") { ok { lockedAt } error { code } } }`);
    expect((await lock('lock')).body.data.lockAccount.ok.lockedAt).not.toBeNull();
    for (const gone of [cli, secret]) expect((await as(gone)).status).toBe(401);
    expect((await browser.query(api.url, WHO)).status).toBe(401);
    const refused = new TestBrowser();
    api.idp.signIn('rob');
    const { response } = await refused.visit(`${api.url}/auth/login/corp`);
    expect(await response.text()).toContain('ISM0993');
    await lock('unlock');
    expect((await as(secret)).status).toBe(200);
    expect((await as(cli)).status).toBe(401);
  });

  it('leave none of their secrets in the database, in answers or in the audit log', async () => {
    const browser = await api.enter('ada');
    const cookie = browser.cookies(api.url).get('isthmus-session') ?? '';
    const cli = await letIn(browser);
    const { secret } = (await makeToken(browser, 'name: "planted", role: "Viewer"')).body.data.createPersonalToken.ok;
    const told = [
      await api.send('{ auditLog(first: 100) { nodes { actor action name before after } } }'),
      await api.send(
        '{ sessions(all: true) { id device ip account { id name email groups } } accounts { id } apiTokens { nodes { name prefix } } }',
      ),
      await api.store.withTenant('default', async (tx) => [
        await tx.accounts.list(),
        await tx.userSessions.live(),
        await tx.tokens.list(),
      ]),
      await api.store.withTenant('default', async (tx) => {
        const accounts = await tx.accounts.list();
        return Promise.all(accounts.map(({ id }) => tx.grants.ofAccount(id)));
      }),
    ];
    const text = JSON.stringify(told, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    for (const planted of [cookie, cli, secret, CLIENT.secret, 'refreshToken']) expect(text).not.toContain(planted);
  });

  it('are shown by the code as it was made, however it is written, and by none that only looks like it', async () => {
    const browser = await api.enter('ada');
    const { user_code: code = '' } = await begin();
    const page = async (written: string) =>
      (await browser.ask(`${api.url}/auth/device?user_code=${encodeURIComponent(written)}`)).text();
    for (const written of [
      `${code} 1234`,
      `${code}\u0412\u0421`,
      `\uFF22${code}`,
      code.replace('-', '\u200B'),
      `${code}A`,
    ])
      expect(await page(written)).toContain('Nothing waits under this code');
    for (const written of [code.toLowerCase(), code.replace('-', ' '), [...code].join('.')])
      expect(await page(written)).toContain(`with code <code>${code}</code>`);
  });

  it.each([
    ['signs out', (browser: TestBrowser) => browser.submit(`${api.url}/auth/logout`)],
    ['signs in as somebody else', (browser: TestBrowser) => api.enter('ada', browser)],
    ['is locked, though unlocked again', async () => relock('rob')],
  ])('are not let in any more once who let them in %s', async (_what, go) => {
    const browser = await api.enter('rob');
    const { user_code: code, device_code: device } = await begin();
    await decide(browser, code, 'approve');
    await go(browser);
    expect((await poll(device)).body['error']).toBe('access_denied');
  });
  const relock = async (subject: string) => {
    const { id = '' } = await api.store.withTenant(
      'default',
      async (tx) => (await tx.accounts.find(api.idp.issuer, subject)) ?? { id: '' },
    );
    for (const verb of ['lock', 'unlock'])
      await api.send(`mutation { ${verb}Account(accountId: "${id}") { ok { id } } }`);
  };

  it('cannot be found by trying codes: whoever tries many is told to wait, in the form and in the address', async () => {
    const browser = await api.enter('ada');
    const tries = async () => {
      for (let count = 0; count < 100; count += 1) {
        const response = await browser.ask(`${api.url}/auth/device?user_code=BCDF-GHJK`);
        if (response.status === 429) return response;
      }
      throw new Error('a hundred codes were tried');
    };
    const refused = await tries();
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.text()).toContain('ISM0996');
    expect((await decide(browser, 'BCDF-GHJK', 'approve')).status).toBe(429);
  });
});
