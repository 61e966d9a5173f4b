import { describe, expect, it } from 'vitest';
import { accountClaims, groupsIn, type Claims } from './claims.js';

const nested = { realm_access: { roles: ['admins'] } };

describe('groups in a claim', () => {
  it.each<[string, Claims]>([
    ['the claim is missing', {}],
    ['it is null', { groups: null }],
    ['it is inherited', Object.create({ groups: ['admins'] }) as Claims],
  ])('are not told where %s', (_what, claims) => {
    expect(groupsIn(claims, 'groups')).toBeUndefined();
  });

  it.each<[string, unknown, string[]]>([
    ['a number', 7, []],
    ['true', true, []],
    ['an object', { admins: true }, []],
    ['numbers, objects and lists in a list', [1, null, { name: 'admins' }, ['admins'], 'readers'], ['readers']],
    ['empty and blank texts', ['', ' ', '\t', 'readers'], ['readers']],
    ['line ends, zero bytes and marks that turn writing round', ['a\nb', 'a\u0000', 'a\u202Eb', 'a\u200Bb'], []],
    ['201 characters', ['x'.repeat(201)], []],
    ['200 characters', ['x'.repeat(200)], ['x'.repeat(200)]],
    ['one text: one group, whatever separates words in it', 'admins readers,ops', ['admins readers,ops']],
    ['a list in a text', '["admins"]', ['["admins"]']],
    ['the same twice', ['b', 'a', 'b'], ['a', 'b']],
    [
      'letters that only look alike',
      ['Admins', 'ADMINS', 'ad\u006Dins', '\uFF41dmins'],
      ['ADMINS', 'Admins', 'admins', 'ａdmins'],
    ],
    ['the same letter composed and decomposed', ['\u00E9', 'e\u0301'], ['e\u0301', '\u00E9']],
    ['names of what every object has', ['__proto__', 'constructor'], ['__proto__', 'constructor']],
  ])('of %s are texts as they stand, or none', (_what, value, groups) => {
    expect(groupsIn({ groups: value }, 'groups')).toEqual(groups);
  });

  it('are a thousand at most of ten thousand', () => {
    const groups = Array.from({ length: 10_000 }, (_, index) => `g${String(index).padStart(5, '0')}`);
    expect(groupsIn({ groups }, 'groups')).toEqual(groups.slice(0, 1000));
  });

  it.each<[Claims, string, string[] | undefined]>([
    [nested, 'realm_access.roles', ['admins']],
    [nested, 'realm_access.roles.length', []],
    [nested, 'realm_access.__proto__.roles', undefined],
    [nested, 'realm_access', []],
    [{ 'realm_access.roles': ['own'], ...nested }, 'realm_access.roles', ['own']],
    [{ 'https://a.example/groups': ['own'] }, 'https://a.example/groups', ['own']],
  ])('are found under a path, and the name itself comes first: %j at %s', (claims, claim, groups) => {
    expect(groupsIn(claims, claim)).toEqual(groups);
  });
});

describe('an address of mail', () => {
  const mine = 'mallory@example.com';
  const theirs = 'ada@example.com';
  it.each<[string, Claims[], string | undefined]>([
    ['not verified', [{ email: theirs, email_verified: false }], undefined],
    ['not verified, said as a text', [{ email: theirs, email_verified: 'false' }], undefined],
    ['of something else than true', [{ email: theirs, email_verified: 0 }], undefined],
    ['not verified by userinfo', [{ email: theirs }, { email: theirs, email_verified: false }], undefined],
    [
      'verified in one source, another one in the other',
      [{ email: mine, email_verified: true }, { email: theirs }],
      mine,
    ],
    ['verified of nobody, beside one of which nothing is said', [{ email_verified: true }, { email: theirs }], theirs],
    ['verified', [{ email: mine, email_verified: true }], mine],
    ['verified, said as a text', [{ email: mine, email_verified: 'true' }], mine],
    ['of which nothing is said', [{ email: mine }], mine],
    ['with a line end', [{ email: `${mine}\n`, email_verified: true }], undefined],
  ])('%s counts or does not', (_what, sources, email) => {
    expect(accountClaims(sources, []).email).toBe(email);
    expect(accountClaims(sources, []).name).toBe(email ?? '?');
  });
});
