import { createHash, randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { suffer, type Ailment } from './ailments.fixture.js';
import { CLIENT } from './identity-provider.fixture.js';

/** What the provider has to put into the next ID token, and the right token itself. */
export interface Asked {
  claims: JWTPayload;
  /** Signs with the key that the provider publishes. */
  sign: (claims: JWTPayload, header?: Partial<JWTHeaderParameters>) => Promise<string>;
}

/** A provider whose ID tokens are made by the spec. Everybody who comes is let in as `sub`. */
export interface ForgingProvider {
  issuer: string;
  /** Makes the next ID token; undefined: none is sent. */
  forge: (make: (asked: Asked) => Promise<string | undefined>) => void;
  /** Who userinfo says it is, and what else; in the group `admins` if nothing else is said. */
  setUserinfo: (subject: string, claims?: object) => void;
  /** Signs with the key that it publishes, which is `jwk`. */
  sign: Asked['sign'];
  jwk: object;
  /** Which keys it publishes from now on, and which algorithms it names. */
  publish: (keys: readonly object[], algorithms?: readonly string[]) => void;
  /** What is the matter with one of its paths, as `/token`; undefined: nothing any more. */
  ail: (path: string, ailment: Ailment | undefined) => void;
  /** Ends whatever ails it; true if anything did. */
  heal: () => boolean;
  /** Gives refresh tokens that count once; whoever shows one again is refused. */
  giveRefreshTokens: () => void;
  /** Refuses those that it gave. */
  refuseRefreshTokens: () => void;
  /** Paths of the requests that it had. */
  asked: string[];
  close: () => Promise<void>;
}

/** The private and public half of a signing key under the same id. */
export async function signingKey({ alg = 'RS256', kid = 'one' } = {}) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const sign: Asked['sign'] = (claims, header = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
  return { sign, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Starts it on a free port. */
export async function startForgingProvider(sub = 'mallory'): Promise<ForgingProvider> {
  const key = await signingKey();
  const nonces = new Map<string, string>();
  const state = {
    make: ({ claims, sign }: Asked): Promise<string | undefined> => sign(claims),
    userinfo: { sub, name: sub, groups: ['admins'] } as object,
    keys: [key.jwk] as readonly object[],
    algorithms: ['RS256'] as readonly string[],
    refreshTokens: undefined as Set<string> | undefined,
  };
  const ailments = new Map<string, Ailment>();
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    void respond(request, response);
  });
  async function respond(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://provider').pathname;
    asked.push(path);
    if (!(await suffer(ailments.get(path), response))) return;
    const { status = 200, body = {}, location } = await answer(request);
    response.writeHead(status, { 'content-type': 'application/json', ...(location && { location }) });
    response.end(JSON.stringify(body));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: http.IncomingMessage): Promise<{ status?: number; body?: object; location?: string }> {
    const url = new URL(request.url ?? '/', issuer);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return { body: metadataOf(issuer, state.algorithms) };
      case '/jwks':
        return { body: { keys: state.keys } };
      case '/authorize':
        return { status: 303, location: letIn(url.searchParams) };
      case '/userinfo':
        return { body: state.userinfo };
      default:
        return tokensFor(new URLSearchParams(await textOf(request)));
    }
  }

  function letIn(asked: URLSearchParams): string {
    const nonce = asked.get('nonce') ?? '';
    const code = createHash('sha256').update(nonce).digest('hex');
    nonces.set(code, nonce);
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.search = new URLSearchParams({ code, state: asked.get('state') ?? '', iss: issuer }).toString();
    return back.href;
  }

  async function tokensFor(asked: URLSearchParams): Promise<{ status?: number; body: object }> {
    const shown = asked.get('refresh_token');
    if (shown !== null && state.refreshTokens?.delete(shown) !== true)
      return { status: 400, body: { error: 'invalid_grant' } };
    const now = Math.floor(Date.now() / 1000);
    const nonce = nonces.get(asked.get('code') ?? '') ?? '';
    const claims = { iss: issuer, aud: CLIENT.id, sub, nonce, iat: now, exp: now + 300, groups: ['admins'] };
    const idToken = await state.make({ claims, sign: key.sign });
    const tokens = { access_token: 'access', token_type: 'Bearer', expires_in: 300, ...refreshToken() };
    return { body: idToken === undefined ? tokens : { ...tokens, id_token: idToken } };
  }

  function refreshToken(): object {
    if (state.refreshTokens === undefined) return {};
    const made = randomUUID();
    state.refreshTokens.add(made);
    return { refresh_token: made };
  }

  return {
    issuer,
    forge: (make) => (state.make = make),
    setUserinfo: (subject, more = { groups: ['admins'] }) =>
      (state.userinfo = { sub: subject, name: subject, ...more }),
    ...key,
    publish: (keys, algorithms = ['RS256']) => Object.assign(state, { keys, algorithms }),
    ail: (path, ailment) => {
      if (ailment === undefined) ailments.delete(path);
      else ailments.set(path, ailment);
    },
    heal: () => {
      const ailed = ailments.size > 0;
      ailments.clear();
      return ailed;
    },
    giveRefreshTokens: () => (state.refreshTokens = new Set()),
    refuseRefreshTokens: () => state.refreshTokens?.clear(),
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function metadataOf(issuer: string, algorithms: readonly string[]): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: algorithms,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}

async function textOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
