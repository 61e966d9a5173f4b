import { SignJWT, generateKeyPair } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgres } from './api.fixture.js';
import { TestBrowser } from './browser.fixture.js';
import { CLIENT, startIdentityProvider, type TestProvider } from './identity-provider.fixture.js';
import { startSignInApi, type SignInApi } from './sign-in.fixture.js';

const WHO = '{ viewer { name role actor } }';

postgres.suite('two OpenID providers', () => {
  let api: SignInApi;
  let partner: TestProvider;
  beforeAll(async () => {
    api = await startSignInApi({
      beside: async (url) => {
        partner = await startIdentityProvider({ api: url, name: 'partner' });
        const { issuer } = partner;
        return [{ name: 'partner', issuer, clientId: CLIENT.id, clientSecretFile: 'x', roles: { guests: 'Viewer' } }];
      },
    });
    // The same subject, address and group as at the other provider.
    partner.people.set('ada', { name: 'Ada L.', email: 'ada@example.com', groups: ['admins', 'guests'] });
    partner.people.set('max', { name: 'Max', email: 'max@example.com', groups: ['admins'] });
  });
  afterAll(async () => {
    await api.close();
    await partner.close();
  });

  const enter = async (subject: string, browser = new TestBrowser()) => {
    partner.signIn(subject);
    await browser.visit(`${api.url}/auth/login/partner?return_to=/auth`);
    return browser;
  };
  const who = async (browser: TestBrowser) => {
    const { status, body } = await browser.query(api.url, WHO);
    return status === 200 ? (body.data.viewer as { name: string; role: string; actor: string }) : status;
  };

  it('are both offered', async () => {
    const page = await (await fetch(`${api.url}/auth/login`)).text();
    for (const name of ['corp', 'partner']) expect(page).toContain(`/auth/login/${name}`);
  });

  it('refuse each other’s way back: a sign-in that began at one does not end at the other', async () => {
    const browser = new TestBrowser();
    api.idp.signIn('ada');
    const { url } = await browser.visit(`${api.url}/auth/login/corp`, /\/auth\/callback\//);
    const response = await browser.ask(url.replace('/callback/corp', '/callback/partner'));
    expect(await response.text()).toMatch(/ISM099[01]/);
    expect(browser.cookies(api.url).get('isthmus-session')).toBeUndefined();
  });

  it('give no role by a group that the other one maps', async () => {
    expect(await who(await enter('max'))).toBe(401);
  });

  it('stand for different accounts, whatever subject, name and address they tell', async () => {
    const [here, there] = [await who(await api.enter('ada')), await who(await enter('ada'))];
    expect(here).toMatchObject({ name: 'Ada L.', role: 'ADMIN' });
    expect(there).toMatchObject({ name: 'Ada L.', role: 'VIEWER' });
    expect(here).not.toMatchObject({ actor: (there as { actor: string }).actor });
    const accounts = await api.store.withTenant('default', (tx) => tx.accounts.list());
    const same = accounts.filter(({ subject, email }) => subject === 'ada' && email === 'ada@example.com');
    expect(same.map(({ provider }) => provider).sort()).toEqual(['corp', 'partner']);
  });

  it('say nothing about people of the other: signing out at one leaves the other alone', async () => {
    const [here, there] = [await api.enter('ada'), await enter('ada')];
    await here.submit(`${api.url}/auth/logout`);
    expect(await who(here)).toBe(401);
    expect(await who(there)).toMatchObject({ role: 'VIEWER' });
  });

  it('end by back-channel logout what is theirs, whatever the subject is called at the other', async () => {
    const [here, there] = [await api.enter('ada'), await enter('ada')];
    const { response } = await there.visit(`${partner.issuer}/session/end`);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(await response.text())?.[1] ?? '';
    await there.submit(`${partner.issuer}/session/end/confirm`, { xsrf, logout: 'yes' });
    await expect.poll(() => who(there), { timeout: 5000 }).toBe(401);
    expect(await who(here)).toMatchObject({ role: 'ADMIN' });
  });

  it('cannot end by a word of their own what is the other’s', async () => {
    const here = await api.enter('ada');
    const { privateKey } = await generateKeyPair('RS256');
    const claims = { events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, sub: 'ada' };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'logout+jwt' })
      .setIssuer(api.idp.issuer)
      .setAudience(CLIENT.id)
      .setIssuedAt()
      .setJti('1')
      .sign(privateKey);
    for (const name of ['corp', 'partner']) {
      const body = new URLSearchParams({ logout_token: token });
      expect((await fetch(`${api.url}/auth/back-channel/${name}`, { method: 'POST', body })).status).toBe(400);
    }
    expect(await who(here)).toMatchObject({ role: 'ADMIN' });
  });

  it('fail alone: people of one sign in and stay while the other is away', async () => {
    const there = await enter('ada');
    partner.setAway(true);
    const here = await api.enter('rob');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await who(here)).toMatchObject({ role: 'VIEWER' });
    expect(await who(there)).toMatchObject({ role: 'VIEWER' });
    partner.setAway(false);
  });
});
