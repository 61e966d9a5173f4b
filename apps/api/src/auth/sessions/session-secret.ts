import { randomBytes } from 'node:crypto';

/** Secret scanners find secrets of sessions by this. */
export const SESSION_PREFIX = 'isths_';

const SECRET = /^isths_[A-Za-z0-9_-]{43}$/;

/** A new secret of 256 bits, for a cookie or a command line; only its hash is stored. */
export function newSessionSecret(random: (bytes: number) => Buffer = randomBytes): string {
  return SESSION_PREFIX + random(32).toString('base64url');
}

/** True if the text has the form of a session's secret. */
export function isSessionSecret(text: string): boolean {
  return SECRET.test(text);
}
