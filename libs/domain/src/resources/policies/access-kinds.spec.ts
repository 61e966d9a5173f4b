import { describe, expect, it } from 'vitest';
import { parseResource } from '../parse-resource.js';
import { brief, documentOf } from '../resource.fixture.js';

const targets = [{ globalNamespace: 'shop' }];
const faults = (kind: string, spec: object) => brief(parseResource(documentOf(kind, spec)).issues);
const access = (spec: object) => faults('AccessPolicy', { targets, ...spec });
const rule = (fields: object) => access({ rules: [{ action: 'ALLOW', from: [{ anyone: true }], ...fields }] });
const from = (callers: object) => rule({ from: [callers] });
const to = (operation: object) => rule({ to: [operation] });
const users = (member: object) => faults('UserGroup', { members: [{ issuer: 'ci', ...member }] });
const tokens = (spec: object) =>
  faults('AuthenticationPolicy', { targets, issuers: [{ issuer: 'ci', jwksUri: 'https://ci/keys' }], ...spec });
const issuer = (fields: object) => tokens({ issuers: [{ issuer: 'ci', ...fields }] });
const jwks = (key: object) => JSON.stringify({ keys: [key] });

describe('an access policy is refused', () => {
  it('when it says nothing, or its callers or operations are empty', () => {
    expect(access({})).toEqual(['ISM0880 spec']);
    expect(access({ rules: [] })).toEqual(['ISM0020 spec.rules']);
    expect(from({})).toEqual(['ISM0880 spec.rules[0].from[0]']);
    expect(rule({ from: [] })).toEqual(['ISM0020 spec.rules[0].from']);
    expect(rule({ from: undefined })).toEqual(['ISM0006 spec.rules[0].from']);
    expect(from({ namespaces: [] })).toEqual(['ISM0022 spec.rules[0].from[0].namespaces']);
    expect(to({})).toEqual(['ISM0880 spec.rules[0].to[0]']);
    expect(rule({ to: [] })).toEqual(['ISM0020 spec.rules[0].to']);
  });

  it('when a caller is everyone and somebody at once', () => {
    expect(from({ anyone: true, namespaces: ['a'] })).toEqual(['ISM0880 spec.rules[0].from[0]']);
    expect(from({ anyone: true, userGroups: ['a'] })).toEqual(['ISM0880 spec.rules[0].from[0]']);
  });

  it.each(['get', 'GET POST', '', '*', 'G'.repeat(33)])('for the method %j', (method) => {
    expect(to({ methods: [method] })).toEqual(['ISM0881 spec.rules[0].to[0].methods[0]']);
  });

  it.each([
    'api',
    '',
    '/a/*/b',
    '*a*',
    '/a?b=1',
    '/a#b',
    '/a b',
    '^/a$',
    '/(a|b)',
    '/a/../b',
    '/./a',
    `/${'a'.repeat(2048)}`,
  ])('for the path %j', (path) => {
    expect(to({ paths: [path] })).toEqual(['ISM0882 spec.rules[0].to[0].paths[0]']);
  });

  it('for malformed headers and ports', () => {
    expect(to({ headers: [{ name: ':path', values: ['a'] }] })).toEqual([
      'ISM0883 spec.rules[0].to[0].headers[0].name',
    ]);
    expect(to({ headers: [{ name: 'a', values: ['x*y'] }] })).toEqual([
      'ISM0883 spec.rules[0].to[0].headers[0].values[0]',
    ]);
    expect(to({ ports: [0] })).toEqual(['ISM0016 spec.rules[0].to[0].ports[0]']);
    expect(to({ ports: [65_536] })).toEqual(['ISM0016 spec.rules[0].to[0].ports[0]']);
  });

  it('when it is one of the organization and names services of a project', () => {
    const wide = { targets: [{ scope: 'ORGANIZATION' }] };
    const rules = [{ action: 'DENY', from: [{ services: ['a'] }, { serviceGroups: ['a'] }, { namespaces: ['a'] }] }];
    expect(access({ ...wide, rules })).toEqual(['ISM0896 spec.rules[0].from[0]', 'ISM0896 spec.rules[0].from[1]']);
  });

  it('for more elements than a list may have', () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);
    expect(from({ namespaces: names(10_001) })).toEqual(['ISM0020 spec.rules[0].from[0].namespaces']);
    expect(from({ namespaces: names(10_000) })).toEqual([]);
  });
});

describe('an access policy is taken', () => {
  it.each(['/', '/api/*', '*.css', '*', '/a.b/Service/Method', "/a%20b/(c)!$&'+,;=:@~"])('with the path %s', (path) => {
    expect(to({ paths: [path] })).toEqual([]);
  });

  it('with a default alone, and with every field', () => {
    expect(access({ default: 'DENY' })).toEqual([]);
    const callers = { serviceGroups: ['a'], services: ['b', 'c.d'], namespaces: ['e'], userGroups: ['f'] };
    const operation = {
      ports: [80],
      methods: ['GET', 'M-SEARCH'],
      paths: ['/a'],
      headers: [{ name: 'X-A', values: ['a*'] }],
    };
    const rules = [{ action: 'DENY', from: [callers], to: [operation] }];
    expect(access({ mode: 'AUDIT', default: 'ALLOW', enforced: true, rules })).toEqual([]);
  });
});

describe('a user group', () => {
  it('is refused for malformed issuers, subjects and claims', () => {
    expect(users({ issuer: 'a b' })).toEqual(['ISM0883 spec.members[0].issuer']);
    expect(users({ subjects: ['a*'] })).toEqual(['ISM0883 spec.members[0].subjects[0]']);
    expect(users({ claims: [{ path: ['a]'], values: ['b'] }] })).toEqual(['ISM0883 spec.members[0].claims[0].path[0]']);
    expect(users({ claims: [{ path: [], values: ['b'] }] })).toEqual(['ISM0020 spec.members[0].claims[0].path']);
    expect(users({ claims: [{ path: ['a'], values: [''] }] })).toEqual(['ISM0883 spec.members[0].claims[0].values[0]']);
  });

  it('is taken with nested claims', () => {
    expect(users({ subjects: ['me'], claims: [{ path: ['realm', 'roles'], values: ['a', 'b*'] }] })).toEqual([]);
  });
});

describe('an authentication policy is refused', () => {
  it('without keys, with two sorts of them, or with an issuer twice', () => {
    expect(issuer({})).toEqual(['ISM0897 spec.issuers[0]']);
    expect(issuer({ jwksUri: 'https://a/', jwks: jwks({ kty: 'RSA' }) })).toEqual(['ISM0897 spec.issuers[0]']);
    const twice = { issuer: 'ci', jwksUri: 'https://ci/keys' };
    expect(tokens({ issuers: [twice, { ...twice, forward: false }] })).toEqual(['ISM0897 spec.issuers[1].issuer']);
  });

  it.each([
    '',
    'text',
    '{}',
    '{"keys":[]}',
    '{"keys":[7]}',
    jwks({}),
    jwks({ kty: 'RSA', d: 'x' }),
    jwks({ kty: 'oct', k: 'x' }),
    jwks({ kty: 'oct' }),
  ])('for the keys %j', (text) => {
    expect(issuer({ jwks: text })).toEqual(['ISM0897 spec.issuers[0].jwks']);
  });

  it.each(['ftp://a', 'https://user:pass@a/', 'keys', 'https://', 'https://a b'])('for the address %j', (text) => {
    expect(issuer({ jwksUri: text })).toEqual(['ISM0897 spec.issuers[0].jwksUri']);
  });

  it('when a location is two places or none, or claims are required of tokens that are not', () => {
    const at = (location: object) => issuer({ jwksUri: 'https://a:8443/k', locations: [location] });
    expect(at({})).toEqual(['ISM0897 spec.issuers[0].locations[0]']);
    expect(at({ header: 'a', cookie: 'b' })).toEqual(['ISM0897 spec.issuers[0].locations[0]']);
    expect(at({ cookie: 'b', prefix: 'c' })).toEqual(['ISM0897 spec.issuers[0].locations[0]']);
    expect(at({ header: 'a', prefix: 'Bearer ' })).toEqual([]);
    expect(tokens({ tokens: 'OPTIONAL', claims: [{ path: ['a'], values: ['b'] }] })).toEqual(['ISM0897 spec.claims']);
  });
});
