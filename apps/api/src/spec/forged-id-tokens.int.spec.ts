import { UnsecuredJWT, SignJWT, type JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { postgres } from './api.fixture.js';
import { TestBrowser } from './browser.fixture.js';
import { signingKey, startForgingProvider, type Asked, type ForgingProvider } from './forging-provider.fixture.js';
import { CLIENT } from './identity-provider.fixture.js';
import { ROLES_OF_GROUPS, startSignInApi, type SignInApi } from './sign-in.fixture.js';

const hourAgo = Math.floor(Date.now() / 1000) - 3600;
const without = (claims: JWTPayload, name: string): JWTPayload =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));

/** The payload of a right token under another header, its signature left as it was. */
function relabelled(token: string, header: object): string {
  const [, payload, signature] = token.split('.');
  return [Buffer.from(JSON.stringify(header)).toString('base64url'), payload, signature].join('.');
}

const FORGERIES: readonly (readonly [string, (asked: Asked) => Promise<string | undefined>])[] = [
  ['none at all', () => Promise.resolve(undefined)],
  ['no JWT', () => Promise.resolve('token')],
  ['alg none', ({ claims }) => Promise.resolve(new UnsecuredJWT(claims).encode())],
  ['alg none, the signature left on', async ({ claims, sign }) => relabelled(await sign(claims), { alg: 'none' })],
  ['no signature', async ({ claims, sign }) => (await sign(claims)).replace(/[^.]+$/, '')],
  ['the signature of another key under the same id', async ({ claims }) => (await signingKey()).sign(claims)],
  [
    'a key id that is not published',
    async ({ claims, sign }) => relabelled(await sign(claims), { alg: 'RS256', kid: 'two' }),
  ],
  [
    'HMAC by the client secret',
    ({ claims }) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(Buffer.from(CLIENT.secret)),
  ],
  [
    'claims that were changed after signing',
    async ({ claims, sign }) => {
      const [header, , signature] = (await sign(claims)).split('.');
      return [header, Buffer.from(JSON.stringify({ ...claims, sub: 'ada' })).toString('base64url'), signature].join(
        '.',
      );
    },
  ],
  ['another issuer', ({ claims, sign }) => sign({ ...claims, iss: 'https://login.example' })],
  ['no issuer', ({ claims, sign }) => sign(without(claims, 'iss'))],
  ['another audience', ({ claims, sign }) => sign({ ...claims, aud: 'another' })],
  ['audiences without us', ({ claims, sign }) => sign({ ...claims, aud: ['another', 'third'] })],
  [
    'us among audiences, given to another',
    ({ claims, sign }) => sign({ ...claims, aud: [CLIENT.id, 'another'], azp: 'another' }),
  ],
  ['no audience', ({ claims, sign }) => sign(without(claims, 'aud'))],
  ['a time that is over', ({ claims, sign }) => sign({ ...claims, iat: hourAgo, exp: hourAgo + 300 })],
  ['no end', ({ claims, sign }) => sign(without(claims, 'exp'))],
  ['a time to come', ({ claims, sign }) => sign({ ...claims, nbf: hourAgo + 7200 })],
  ['no nonce', ({ claims, sign }) => sign(without(claims, 'nonce'))],
  ['another nonce', ({ claims, sign }) => sign({ ...claims, nonce: 'x'.repeat(43) })],
  ['an empty nonce', ({ claims, sign }) => sign({ ...claims, nonce: '' })],
  ['no subject', ({ claims, sign }) => sign(without(claims, 'sub'))],
  ['a subject of another kind', ({ claims, sign }) => sign({ ...claims, sub: 7 as unknown as string })],
];

postgres.suite('ID tokens that are not as they must be', () => {
  let api: SignInApi;
  let forger: ForgingProvider;
  beforeAll(async () => {
    forger = await startForgingProvider();
    const provider = { name: 'forge', issuer: forger.issuer, clientId: CLIENT.id, clientSecretFile: 'x' };
    api = await startSignInApi({
      document: { providers: [{ ...provider, roles: ROLES_OF_GROUPS }], recheckSeconds: 300 },
    });
  });
  afterAll(async () => {
    await api.close();
    await forger.close();
  });
  beforeEach(() => {
    forger.forge(({ claims, sign }) => sign(claims));
    forger.setUserinfo('mallory');
  });

  const enter = async () => {
    const browser = new TestBrowser();
    const back = (await browser.visit(`${api.url}/auth/login/forge`, /\/auth\/callback\//)).url;
    const response = await browser.ask(back);
    const session = browser.cookies(api.url).get('isthmus-session');
    return { status: response.status, fault: /ISM\d{4}/.exec(await response.text())?.[0], session };
  };
  const accounts = async () => (await api.store.withTenant('default', (tx) => tx.accounts.list())).length;

  it.each(FORGERIES)('are refused: %s', async (_what, make) => {
    forger.forge(make);
    expect(await enter()).toEqual({ status: 400, fault: 'ISM0991', session: undefined });
    expect(await accounts()).toBe(0);
  });

  it('are refused where userinfo speaks of somebody else', async () => {
    forger.setUserinfo('ada');
    expect(await enter()).toEqual({ status: 400, fault: 'ISM0991', session: undefined });
    expect(await accounts()).toBe(0);
  });

  it('are taken where they are right, so that it is the forgery that is refused', async () => {
    expect(await enter()).toMatchObject({ status: 303, session: expect.stringMatching(/^isths_/) });
    expect(await accounts()).toBe(1);
  });
});
