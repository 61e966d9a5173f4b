import { createHash, randomBytes } from 'node:crypto';
import { isSessionSecret } from './sessions/session-secret.js';

/** Secret scanners find our tokens by this. */
export const TOKEN_PREFIX = 'isth_';

const TOKEN = /^isth_[A-Za-z0-9_-]{43}$/;
const SHOWN = TOKEN_PREFIX.length + 6;

/** A new secret of 256 bits; shown once, only its hash is stored. */
export function newApiToken(random: (bytes: number) => Buffer = randomBytes): string {
  return TOKEN_PREFIX + random(32).toString('base64url');
}

/** True if the text has the form of one of our tokens. */
export function isApiToken(text: string): boolean {
  return TOKEN.test(text);
}

/** SHA-256 of the whole token, lower-case hex: what the store keeps. Fast on purpose: the secret is random, not chosen. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The first characters, by which people tell tokens apart in a list. */
export function shownPrefix(token: string): string {
  return token.slice(0, SHOWN);
}

const BEARER = /^bearer +(\S+)$/i;

/** The token, or secret of a session, in an Authorization header; undefined if there is none of ours. */
export function bearerToken(header: unknown): string | undefined {
  if (typeof header !== 'string' || header.length > 256) return undefined;
  const token = BEARER.exec(header.trim())?.[1];
  return token !== undefined && (isApiToken(token) || isSessionSecret(token)) ? token : undefined;
}
