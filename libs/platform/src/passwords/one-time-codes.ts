import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
const SECRET_BYTES = 20;
/** Clocks of telephones are off by a period in either way. */
const WINDOW = 1;

const totpOf = (secret: Secret, label = '') =>
  new TOTP({ issuer: 'Isthmus', label, secret, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS });

/** A secret for codes of six digits (RFC 6238), and the address that applications for codes read. */
export function newCodeSecret(label: string): { secret: string; uri: string } {
  const secret = new Secret({ size: SECRET_BYTES });
  return { secret: secret.base32, uri: totpOf(secret, label).toString() };
}

/** The number of the 30 seconds that a code is of; undefined for one of another time or secret. Whether it was used is the caller's matter. */
export function stepOfCode(code: string, secret: string, now: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const timestamp = now.getTime();
  const delta = totpOf(Secret.fromBase32(secret)).validate({ token: code, timestamp, window: WINDOW });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta;
}
