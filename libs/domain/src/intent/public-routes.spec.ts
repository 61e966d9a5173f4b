import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathTaker } from '../resources/policies/traffic/taken-paths.js';
import { prefixOf } from './features/route-order.js';
import type { RouteRule } from './features/routes.js';
import type { PublicRoute } from './public.js';
import { rulesBehind } from './public-routes.js';

const CALLER = { namespace: 'istio-ingress', cluster: 'east' };
const behind = (route: Omit<PublicRoute, 'host'>, ...rules: RouteRule[]) =>
  rulesBehind({ host: 'h', ...route }, rules, CALLER);

const asSent = ({ matches = [] }: RouteRule, prefix: string, path: string): string => {
  const rest = path.slice(prefixOf(matches[0]?.path?.value ?? '').length).replace(/^\//, '');
  return rest === '' && prefix !== '' && !path.endsWith('/') ? prefix : `${prefix}/${rest}`;
};

/** What a proxy sends for a path, of the first rule that takes it, and which rule that is. */
function sent(rules: readonly RouteRule[], path: string): [rule: string, path: string] | undefined {
  const rule = rules.find(({ matches = [{}] }) => matches.some((one) => pathTaker(one)(path)));
  if (rule === undefined) return undefined;
  const { path: whole, prefix } = rule.rewrite ?? {};
  return [rule.name, whole ?? (prefix === undefined ? path : asSent(rule, prefixOf(prefix), path))];
}

const segment = fc.constantFrom('a', 'b', 'ab');
const pathOf = (least: number) =>
  fc.array(segment, { minLength: least, maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
const request = fc.tuple(pathOf(0), fc.boolean()).map(([path, slash]) => (slash && path !== '/' ? `${path}/` : path));
const rewriteOfRule = fc.option(
  fc.oneof(
    pathOf(0).map((path) => ({ path })),
    pathOf(0).map((prefix) => ({ prefix })),
  ),
  { nil: undefined },
);
const ruleOf = fc
  .tuple(fc.constantFrom('EXACT' as const, 'PREFIX' as const), pathOf(0), rewriteOfRule)
  .map(([type, value, rewrite]): RouteRule => ({
    name: 'rule',
    matches: [{ path: { type, value } }],
    // Only prefixes are replaced in part.
    ...(rewrite === undefined || (type === 'EXACT' && 'prefix' in rewrite) ? {} : { rewrite }),
  }));
const routeOf = fc
  .tuple(
    fc.option(fc.tuple(fc.constantFrom('EXACT' as const, 'PREFIX' as const), pathOf(1)), { nil: undefined }),
    fc.option(pathOf(0), { nil: undefined }),
  )
  .map(([path, rewrite]) => ({
    ...(path === undefined ? {} : { path: { type: path[0], value: path[1] } }),
    ...(path === undefined || rewrite === undefined ? {} : { rewrite }),
  }));

describe('rules of a service behind a path of a public service', () => {
  it('that compare by a regular expression are lost where a part of the paths comes, and named', () => {
    const rule: RouteRule = { name: 'r', matches: [{ path: { type: 'REGEX', value: '/[a-z]+' } }] };
    expect(behind({ path: { type: 'PREFIX', value: '/x' } }, rule).lost).toEqual(['r']);
    expect(behind({ path: { type: 'PREFIX', value: '/x' } }, rule).rules.map(({ name }) => name)).toEqual(['public']);
    expect(behind({}, rule)).toMatchObject({ lost: [], rules: [rule, { name: 'public' }] });
    expect(behind({ path: { type: 'EXACT', value: '/x' } }, rule).lost).toEqual(['r']);
  });

  it('for other callers do not hold for the gateway, and those for it lose that condition', () => {
    const rules = [
      { name: 'shop', matches: [{ sourceNamespaces: ['shop'] }] },
      { name: 'west', matches: [{ sourceClusters: ['west'] }] },
      { name: 'gateway', matches: [{ sourceNamespaces: ['istio-ingress'], sourceClusters: ['east'], method: 'GET' }] },
    ] satisfies RouteRule[];
    expect(behind({}, ...rules).rules).toEqual([
      { name: 'gateway', matches: [{ method: 'GET' }] },
      { name: 'public', matches: [{}] },
    ]);
  });

  it('keep what is not about paths', () => {
    const rule: RouteRule = {
      name: 'r',
      timeoutMs: 5,
      rewrite: { host: 'h', prefix: '/v' },
      backends: [{ weight: 100 }],
    };
    expect(behind({ path: { type: 'PREFIX', value: '/x' }, rewrite: '/y' }, rule).rules[0]).toEqual({
      name: 'r',
      timeoutMs: 5,
      backends: [{ weight: 100 }],
      matches: [{ path: { type: 'PREFIX', value: '/x' } }],
      rewrite: { host: 'h', prefix: '/v/y' },
    });
  });

  it('see the slash that stands for the whole prefix', () => {
    const rule: RouteRule = {
      name: 'r',
      matches: [{ path: { type: 'PREFIX', value: '/' } }],
      rewrite: { prefix: '/a' },
    };
    const { rules } = behind({ path: { type: 'PREFIX', value: '/b' }, rewrite: '/' }, rule);
    expect(['/b', '/b/', '/b/c'].map((path) => sent(rules, path))).toEqual([
      ['r', '/a/'],
      ['r', '/a/'],
      ['r', '/a/c'],
    ]);
  });

  it('take what they would take if the gateway first rewrote and then asked them, and send the same', () => {
    fc.assert(
      fc.property(routeOf, ruleOf, request, (route, rule, path) => {
        fc.pre(pathTaker(route)(path));
        const rewritten: RouteRule = {
          name: 'outer',
          matches: [route.path === undefined ? {} : { path: route.path }],
          ...(route.rewrite === undefined
            ? {}
            : { rewrite: route.path?.type === 'EXACT' ? { path: route.rewrite } : { prefix: route.rewrite } }),
        };
        const seen = sent([rewritten], path)?.[1] ?? '';
        const expected = sent([rule, { name: 'public' }], seen);
        expect(sent(behind(route, rule).rules, path)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
