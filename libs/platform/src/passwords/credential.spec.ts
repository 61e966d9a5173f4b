import { TOTP, URI } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { checkCredential, hashCredential } from './credential.js';
import { hashPassword, LEAST_PASSWORD, newPassword, openPassword } from './password.js';

const CHEAP = 4;
const now = new Date('2027-01-01T00:00:15Z');
const password = 'correct horse battery';
const codeAt = (uri: string, at: Date) => {
  const totp = URI.parse(uri);
  if (!(totp instanceof TOTP)) throw new Error('no address of time-based codes');
  return totp.generate({ timestamp: at.getTime() });
};
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('a password', () => {
  it('is not opened by another one, by none, and not in a form that nobody knows', async () => {
    const { record } = await hashPassword(password, CHEAP);
    for (const other of ['', 'correct horse batterz', `${password} `, password.toUpperCase()])
      expect(await openPassword(other, record)).toBeUndefined();
    await expect(openPassword(password, record.replace('scrypt', 'md5'))).rejects.toThrow(/form/);
  });

  it('opens with the key that it was sealed under, typed in either form of Unicode', async () => {
    const { record, key } = await hashPassword('Zürich Zürich Zürich', CHEAP);
    expect(await openPassword('Zürich Zürich Zürich'.normalize('NFD'), record)).toEqual(key);
  });

  it('is stored without itself and without the key, under a salt of its own', async () => {
    const [first, second] = [await hashPassword(password, CHEAP), await hashPassword(password, CHEAP)];
    expect(first.record).not.toBe(second.record);
    for (const secret of [password, first.key.toString('base64url')]) expect(first.record).not.toContain(secret);
  });

  it('costs what OWASP asks for unless it is told otherwise', async () => {
    expect((await hashPassword(password)).record).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$/);
  });

  it('that is made is long enough, and another each time', () => {
    const made = Array.from({ length: 50 }, newPassword);
    expect(new Set(made).size).toBe(50);
    for (const one of made) expect(one).toMatch(/^([a-z2-9]{5}-){4}[a-z2-9]{5}$/);
    expect(Math.min(...made.map(({ length }) => length))).toBeGreaterThanOrEqual(LEAST_PASSWORD);
  });
});

describe('a credential with one-time codes', () => {
  const made = () => hashCredential('break-glass', { password, codes: true, logCost: CHEAP });
  const check = async (given: { password?: string; code: string; now?: Date; name?: string }) => {
    const stored = await made();
    const code = given.code === 'right' ? codeAt(stored.uri ?? '', now) : given.code;
    return checkCredential(given.name ?? 'break-glass', { password, now, ...given, code }, stored);
  };

  it('refuses a wrong code, none, one that is no number, and a right one beside a wrong password', async () => {
    for (const code of ['', '12345', '1234567', 'abcdef', '-12345'])
      expect(await check({ code })).toEqual({ ok: false });
    expect(await check({ code: 'right', password: 'wrong' })).toEqual({ ok: false });
  });

  it('does not open for another name: the row cannot be taken for that of somebody else', async () => {
    expect(await check({ code: 'right', name: 'other' })).toEqual({ ok: false });
  });

  it('takes a code in its own 30 seconds and those beside them, no earlier and no later', async () => {
    const steps = await Promise.all(
      [-46, -45, -16, 0, 14, 15, 44, 45].map(
        async (seconds) => (await check({ code: 'right', now: later(seconds) })).ok,
      ),
    );
    // The code is of 00:00:00 to 00:00:30; now is in its middle.
    expect(steps).toEqual([false, true, true, true, true, true, true, false]);
  });

  it('names the same step for a code whenever it is shown, so that it can be taken once', async () => {
    const steps = await Promise.all([-20, 0, 30].map((seconds) => check({ code: 'right', now: later(seconds) })));
    expect(new Set(steps.map((result) => result.ok && result.step))).toEqual(
      new Set([Math.floor(now.getTime() / 30_000)]),
    );
  });

  it('asks for no code where it has none', async () => {
    const stored = await hashCredential('break-glass', { password, codes: false, logCost: CHEAP });
    expect(stored.uri).toBeUndefined();
    expect(await checkCredential('break-glass', { password, code: '', now }, stored)).toEqual({
      ok: true,
      step: undefined,
    });
  });
});
