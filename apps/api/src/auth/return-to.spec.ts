import { expect, it } from 'vitest';
import { safeReturnTo } from './return-to.js';

const OURS = new URL('https://isthmus.example');

it.each<[string, unknown]>([
  ['no text', undefined],
  ['a list', ['/console/', '//evil.example']],
  ['nothing', ''],
  ['an address', 'https://evil.example/'],
  ['our own address', 'https://isthmus.example/console/'],
  ['an address without scheme', '//evil.example'],
  ['a backslash', '/\\evil.example'],
  ['a backslash within', '/console/..\\\\evil.example'],
  ['a tab that browsers leave out', '/\t/evil.example'],
  ['a line end', '/\n/evil.example'],
  ['a header', '/a\r\nset-cookie: x=y'],
  ['a space', '/ /evil.example'],
  ['a slash of another script', '/\u2215evil.example'],
  ['a full-width slash', '/\uFF0Fevil.example'],
  ['a script', 'javascript:alert(1)'],
  ['data', 'data:text/html,x'],
  ['a path that begins nowhere', 'console/'],
  ['a fragment', '#//evil.example'],
  ['a user', '@evil.example'],
  ['1001 characters', `/${'a'.repeat(1000)}`],
])('leads to its own page instead of %s', (_what, text) => {
  expect(safeReturnTo(text, OURS)).toBe('/auth');
});

it.each([
  '/.//evil.example',
  '/..//evil.example',
  '/console/..//evil.example',
  '/%2e//evil.example',
  '/%2f/evil.example',
  '/%2f%2fevil.example',
  '/%5cevil.example',
  '/%09/evil.example',
  '/@evil.example',
  '/:80/',
  '/?//evil.example',
  '/#//evil.example',
  '/console/?a=b#c',
])('stays here with %s', (text) => {
  const to = safeReturnTo(text, OURS);
  expect(to).toMatch(/^\/(?![/\\])/);
  for (const page of ['https://isthmus.example/auth/callback/corp', 'https://isthmus.example//x'])
    expect(new URL(to, page).origin).toBe(OURS.origin);
});

it('keeps path, query and fragment of its own pages, at most a thousand characters', () => {
  expect(safeReturnTo('/console/?a=b#c', OURS)).toBe('/console/?a=b#c');
  expect(safeReturnTo(`/${'a'.repeat(999)}`, OURS)).toHaveLength(1000);
});
