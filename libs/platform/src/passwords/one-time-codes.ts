const PERIOD_SECONDS = 30;
const SECRET_BYTES = 20;
/** Clocks of telephones are off by a period in either way. */
const WINDOW = 1;
const FORM = { issuer: 'Isthmus', algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS };

/** Loaded where a code is made or checked: programs that do neither start without it. */
const library = () => import('otpauth');

/** A secret for codes of six digits (RFC 6238), and the address that applications for codes read. */
export async function newCodeSecret(label: string): Promise<{ secret: string; uri: string }> {
  const { Secret, TOTP } = await library();
  const secret = new Secret({ size: SECRET_BYTES });
  return { secret: secret.base32, uri: new TOTP({ ...FORM, label, secret }).toString() };
}

/** The number of the 30 seconds that a code is of; undefined for one of another time or secret. Whether it was used is the caller's matter. */
export async function stepOfCode(code: string, secret: string, now: Date): Promise<number | undefined> {
  if (!/^\d{6}$/.test(code)) return undefined;
  const { TOTP } = await library();
  const timestamp = now.getTime();
  const delta = new TOTP({ ...FORM, secret }).validate({ token: code, timestamp, window: WINDOW });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta;
}
