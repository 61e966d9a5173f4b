import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose';
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
  close: () => Promise<void>;
}

/** The private and public half of a signing key under the same id. */
export async function signingKey() {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const sign: Asked['sign'] = (claims, header = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(privateKey);
  return { sign, jwk: { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' } };
}

/** Starts it on a free port. */
export async function startForgingProvider(sub = 'mallory'): Promise<ForgingProvider> {
  const key = await signingKey();
  const nonces = new Map<string, string>();
  const state = {
    make: ({ claims, sign }: Asked): Promise<string | undefined> => sign(claims),
    userinfo: { sub, name: sub, groups: ['admins'] } as object,
  };
  const server = http.createServer((request, response) => {
    void answer(request).then(({ status = 200, body = {}, location }) => {
      response.writeHead(status, { 'content-type': 'application/json', ...(location && { location }) });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: http.IncomingMessage): Promise<{ status?: number; body?: object; location?: string }> {
    const url = new URL(request.url ?? '/', issuer);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return { body: metadataOf(issuer) };
      case '/jwks':
        return { body: { keys: [key.jwk] } };
      case '/authorize':
        return { status: 303, location: letIn(url.searchParams) };
      case '/userinfo':
        return { body: state.userinfo };
      default:
        return { body: await tokensFor(new URLSearchParams(await textOf(request))) };
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

  async function tokensFor(asked: URLSearchParams): Promise<object> {
    const now = Math.floor(Date.now() / 1000);
    const nonce = nonces.get(asked.get('code') ?? '') ?? '';
    const claims = { iss: issuer, aud: CLIENT.id, sub, nonce, iat: now, exp: now + 300, groups: ['admins'] };
    const idToken = await state.make({ claims, sign: key.sign });
    const tokens = { access_token: 'access', token_type: 'Bearer', expires_in: 300 };
    return idToken === undefined ? tokens : { ...tokens, id_token: idToken };
  }

  return {
    issuer,
    forge: (make) => (state.make = make),
    setUserinfo: (subject, more = { groups: ['admins'] }) =>
      (state.userinfo = { sub: subject, name: subject, ...more }),
    ...key,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function metadataOf(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}

async function textOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
