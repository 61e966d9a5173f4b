import { SignJWT, UnsecuredJWT, exportSPKI, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signingKey, startForgingProvider, type ForgingProvider } from '../../spec/forging-provider.fixture.js';
import { CLIENT } from '../../spec/identity-provider.fixture.js';
import { settingsFor } from '../../spec/sign-in.fixture.js';
import { verifyLogoutToken } from './logout-token.js';
import { OidcProvider } from './oidc-provider.js';
import { PATIENCE } from './patience.js';

const SECOND_MS = 1000;
const COOL_DOWN_MS = 30 * SECOND_MS;
const MAX_AGE_MS = 300 * SECOND_MS;
const API = 'http://127.0.0.1:1';
const STATE = 'state-of-this-browser';
const NONCE = 'nonce-of-this-browser';
const VERIFIER = 'v'.repeat(43);

type Make = (claims: JWTPayload) => Promise<string>;
type Key = Awaited<ReturnType<typeof signingKey>>;

let forger: ForgingProvider;
let provider: OidcProvider;
/** The key that is published at first, and one that is not. */
let old: Key;
let next: Key;
/** How much later the API believes it is. */
let aheadMs = 0;

beforeEach(async () => {
  aheadMs = 0;
  forger = await startForgingProvider();
  [old, next] = [await signingKey({ kid: 'old' }), await signingKey({ kid: 'next' })];
  forger.publish([old.jwk]);
  const document = {
    providers: [{ name: 'forge', issuer: forger.issuer, clientId: CLIENT.id, clientSecretFile: 'x' }],
  };
  const [settings] = (await settingsFor(API, document)).providers;
  if (settings === undefined) throw new Error('no provider');
  provider = new OidcProvider(settings, `${API}/auth/callback/forge`, { now: () => Date.now() + aheadMs });
});
afterEach(() => forger.close());

/** Comes back from the provider with an ID token that is made so. */
async function enter(make: Make): Promise<boolean> {
  forger.forge(({ claims }) => make(claims));
  const sent = await provider.authorizationUrl({ state: STATE, nonce: NONCE, verifier: VERIFIER });
  const back = (await fetch(sent, { redirect: 'manual' })).headers.get('location') ?? '';
  const returned = { url: new URL(back), state: STATE, nonce: NONCE, verifier: VERIFIER };
  return provider.exchange(returned).then(
    () => true,
    () => false,
  );
}

/** Is told that somebody signed out, by a logout token that is made so. */
async function leave(make: Make): Promise<boolean> {
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const claims = { iss: forger.issuer, aud: CLIENT.id, sub: 'mallory', iat: Math.floor(Date.now() / 1000), events };
  return verifyLogoutToken(provider, await make(claims)).then(
    () => true,
    () => false,
  );
}

const by =
  (key: Key, header: Partial<JWTHeaderParameters> = {}): Make =>
  (claims) =>
    key.sign(claims, header);
const asked = (path: string) => forger.asked.filter((one) => one === path).length;

describe.each([
  ['an ID token', enter],
  ['a logout token', leave],
] as const)('%s', (_what, show) => {
  beforeEach(async () => {
    expect(await show(by(old))).toBe(true);
    expect(asked('/jwks')).toBe(1);
  });

  describe('by a key that is not published', () => {
    it('is refused, and has the keys fetched once in half a minute, whatever id it names', async () => {
      aheadMs = COOL_DOWN_MS;
      for (let count = 0; count < 20; count += 1) expect(await show(by(next, { kid: `forged-${count}` }))).toBe(false);
      expect(asked('/jwks')).toBe(2);
      expect(await show(by(old))).toBe(true);
    });

    it('has failing keys asked for once in a while alone', async () => {
      aheadMs = MAX_AGE_MS;
      forger.ail('/jwks', 'breaks off');
      for (let count = 0; count < 20; count += 1) expect(await show(by(next))).toBe(false);
      expect(asked('/jwks')).toBe(2);
      aheadMs += PATIENCE.pauseMs;
      expect(await show(by(next))).toBe(false);
      expect(asked('/jwks')).toBe(3);
    });
  });

  it('by a new key counts as soon as the provider may be asked for it, and not before', async () => {
    forger.publish([next.jwk, old.jwk]);
    aheadMs = COOL_DOWN_MS - SECOND_MS;
    expect(await show(by(next))).toBe(false);
    aheadMs = COOL_DOWN_MS;
    expect(await show(by(next))).toBe(true);
    expect(await show(by(old))).toBe(true);
  });

  it('by a key that is withdrawn counts five minutes more at most', async () => {
    forger.publish([next.jwk]);
    aheadMs = MAX_AGE_MS - SECOND_MS;
    expect(await show(by(old))).toBe(true);
    aheadMs = MAX_AGE_MS;
    expect(await show(by(old))).toBe(false);
    expect(await show(by(next))).toBe(true);
  });

  it('by a key that is withdrawn counts no longer once a newer one was seen', async () => {
    forger.publish([next.jwk]);
    aheadMs = COOL_DOWN_MS;
    expect(await show(by(next))).toBe(true);
    expect(await show(by(old))).toBe(false);
  });

  it('by a key that is withdrawn does not count on because the keys cannot be fetched', async () => {
    forger.ail('/jwks', 'breaks off');
    aheadMs = MAX_AGE_MS;
    expect(await show(by(old))).toBe(false);
  });

  it('is checked by the newer one of two keys of the same id', async () => {
    const same = await signingKey({ kid: 'old' });
    forger.publish([same.jwk]);
    expect(await show(by(same))).toBe(false);
    aheadMs = COOL_DOWN_MS;
    expect(await show(by(same))).toBe(true);
    expect(await show(by(old))).toBe(false);
  });

  it('that names no key is refused where several may have signed it, and taken where one may', async () => {
    expect(await show(by(old, { kid: undefined as unknown as string }))).toBe(true);
    forger.publish([old.jwk, next.jwk]);
    aheadMs = MAX_AGE_MS;
    expect(await show(by(old, { kid: undefined as unknown as string }))).toBe(false);
    expect(await show(by(old))).toBe(true);
  });

  it('of another algorithm counts when provider and key name it', async () => {
    const curve = await signingKey({ alg: 'ES256', kid: 'curve' });
    expect(await show(by(curve))).toBe(false);
    forger.publish([old.jwk, curve.jwk], ['RS256', 'ES256']);
    aheadMs = COOL_DOWN_MS;
    expect(await show(by(curve))).toBe(true);
    expect(await show(by(old))).toBe(true);
  });

  it.each([
    ['of a key for encryption', { use: 'enc' }],
    ['of a key for another algorithm', { alg: 'RS512' }],
    ['of a key for wrapping', { key_ops: ['wrapKey'] }],
  ])('is refused by the signature %s', async (_which, more) => {
    forger.publish([{ ...next.jwk, ...more }]);
    aheadMs = MAX_AGE_MS;
    expect(await show(by(next))).toBe(false);
  });

  it.each(['none', 'HS256', 'HS512'])('is refused with %s, whatever the provider says that it uses', async (alg) => {
    forger.publish([old.jwk, { ...old.jwk, alg }], ['RS256', 'HS256', 'HS512', 'none']);
    aheadMs = MAX_AGE_MS * 13; // the metadata is fetched anew too
    const published = [JSON.stringify(old.jwk), await exportSPKI(old.publicKey), CLIENT.secret];
    for (const secret of published) {
      const make: Make = (claims) =>
        alg === 'none'
          ? Promise.resolve(new UnsecuredJWT(claims).encode())
          : new SignJWT(claims).setProtectedHeader({ alg, kid: 'old' }).sign(Buffer.from(secret.padEnd(64)));
      expect(await show(make)).toBe(false);
    }
  });
});

it('an ID token of an algorithm that the provider does not name is refused, though its key is published', async () => {
  const curve = await signingKey({ alg: 'ES256', kid: 'curve' });
  forger.publish([old.jwk, curve.jwk], ['RS256']);
  expect(await enter(by(curve))).toBe(false);
  expect(await enter(by(old))).toBe(true);
});
