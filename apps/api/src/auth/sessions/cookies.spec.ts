import type { CookieOptions, Response } from 'express';
import { expect, it } from 'vitest';
import { Cookies } from './cookies.js';
import { newSessionSecret } from './session-secret.js';

const tls = new Cookies(new URL('https://isthmus.example'));
const secret = newSessionSecret();
const carrying = (cookie: string) => ({ headers: { cookie } });

/** What a response is told to set. */
function told(cookies: Cookies): [string, CookieOptions] {
  const calls: [string, CookieOptions][] = [];
  const response = { cookie: (name: string, _value: string, options: CookieOptions) => calls.push([name, options]) };
  cookies.set(response as unknown as Response, 'session', { value: secret });
  return calls[0] ?? ['', {}];
}

it.each([
  ['no cookie', ''],
  ['the name that counts without TLS, which a neighbour can set', `isthmus-session=${secret}`],
  ['the same name twice', `__Host-isthmus-session=${secret}; __Host-isthmus-session=${newSessionSecret()}`],
  ['another case of the name', `__host-isthmus-session=${secret}`],
  ['a name that only ends like it', `x__Host-isthmus-session=${secret}`],
  ['quotes', `__Host-isthmus-session="${secret}"`],
  ['a secret that is one character short', `__Host-isthmus-session=${secret.slice(0, -1)}`],
  ['a token of the API', `__Host-isthmus-session=${secret.replace('isths_', 'isth_')}`],
  ['a header of more than 16 KiB', `__Host-isthmus-session=${secret}; a=${'x'.repeat(16 * 1024)}`],
])('finds no session in %s', (_what, cookie) => {
  expect(tls.session(carrying(cookie))).toBeUndefined();
});

it('finds the session beside cookies of others', () => {
  expect(tls.session(carrying(`a=b; __Host-isthmus-session=${secret}; isthmus-session=planted`))).toBe(secret);
});

it('sets a cookie that only this very host can set, over TLS, and no script reads', () => {
  const options = { httpOnly: true, sameSite: 'lax', secure: true, path: '/' };
  expect(told(tls)).toEqual(['__Host-isthmus-session', options]);
  expect(told(new Cookies(new URL('http://127.0.0.1:4000')))).toEqual([
    'isthmus-session',
    { ...options, secure: false },
  ]);
});
