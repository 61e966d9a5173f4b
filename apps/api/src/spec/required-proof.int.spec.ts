import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgres } from './api.fixture.js';
import { TestBrowser } from './browser.fixture.js';
import { startForgingProvider, type ForgingProvider } from './forging-provider.fixture.js';
import { CLIENT } from './identity-provider.fixture.js';
import { ROLES_OF_GROUPS, startSignInApi, type SignInApi } from './sign-in.fixture.js';

postgres.suite('a sign-in whose proof is required', () => {
  let api: SignInApi;
  let provider: ForgingProvider;
  beforeAll(async () => {
    provider = await startForgingProvider();
    const document = {
      ...{ name: 'strict', issuer: provider.issuer, clientId: CLIENT.id, clientSecretFile: 'x' },
      ...{ roles: ROLES_OF_GROUPS, parameters: { max_age: '999999', prompt: 'login' } },
      require: { acr: ['urn:high', 'urn:higher'], amr: ['mfa'], maxAgeMinutes: 10 },
    };
    api = await startSignInApi({ document: { providers: [document], recheckSeconds: 300 } });
  });
  afterAll(async () => {
    await api.close();
    await provider.close();
  });

  const now = (): number => Math.floor(Date.now() / 1000);
  const enterWith = async (proof: object) => {
    provider.forge(({ claims, sign }) => sign({ ...claims, ...proof }));
    const browser = new TestBrowser();
    const back = (await browser.visit(`${api.url}/auth/login/strict`, /\/auth\/callback\//)).url;
    const response = await browser.ask(back);
    const session = browser.cookies(api.url).get('isthmus-session');
    return { status: response.status, text: await response.text(), session };
  };

  it.each([
    ['none at all', {}],
    ['a password alone', { acr: 'urn:high', amr: ['pwd'], auth_time: now() }],
    ['another class', { acr: 'urn:low', amr: ['mfa'], auth_time: now() }],
    ['one of an hour ago', { acr: 'urn:high', amr: ['mfa'], auth_time: now() - 3600 }],
  ])('is refused with %s, says what to do, and leaves neither session nor account', async (_what, proof) => {
    const { status, text, session } = await enterWith(proof);
    expect({ status, session }).toEqual({ status: 403, session: undefined });
    expect(text).toContain('ISM0578');
    expect(text).toContain('with the second factor');
    expect(await api.store.withTenant('default', (tx) => tx.accounts.list())).toEqual([]);
  });

  it('is asked of the provider, whatever parameters say beside it', async () => {
    const { headers } = await new TestBrowser().ask(`${api.url}/auth/login/strict`);
    const asked = new URL(headers.get('location') ?? '').searchParams;
    expect(asked.getAll('acr_values')).toEqual(['urn:high urn:higher']);
    expect(asked.getAll('max_age')).toEqual(['600']);
    expect(asked.get('prompt')).toBe('login');
  });

  it('lets in with what is required', async () => {
    const { status, session } = await enterWith({ acr: 'urn:higher', amr: ['pwd', 'mfa'], auth_time: now() - 60 });
    expect({ status, session }).toEqual({ status: 303, session: expect.stringMatching(/^isths_/) });
  });
});
