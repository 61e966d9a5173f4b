import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** An issuer of tokens with a key of its own. */
export class TokenIssuer {
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  constructor(readonly name: string) {}

  /** The issuer's public key, as policies hold it. */
  get jwks(): string {
    const key = this.#keys.publicKey.export({ format: 'jwk' });
    return JSON.stringify({ keys: [{ ...key, kid: 'k', use: 'sig', alg: 'RS256' }] });
  }

  /** A token that is good for an hour. */
  token(claims: object): string {
    return this.#signed(claims, this.#keys.privateKey);
  }

  /** The same, signed by somebody else. */
  forged(claims: object): string {
    return this.#signed(claims, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
  }

  #signed(claims: object, key: KeyObject): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const head = part({ alg: 'RS256', kid: 'k', typ: 'JWT' });
    const body = part({ iss: this.name, sub: 'me', exp: Math.floor(Date.now() / 1000) + 3600, ...claims });
    return `${head}.${body}.${sign('sha256', Buffer.from(`${head}.${body}`), key).toString('base64url')}`;
  }
}

/** Arguments of curl that show a token. */
export const bearing = (token: string): { curl: string[] } => ({ curl: ['-H', `Authorization: Bearer ${token}`] });
