import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byMatchPrecedence } from './route-order.js';
import type { RouteMatch } from './routes.js';

const path = (type: 'EXACT' | 'PREFIX' | 'REGEX', value: string): RouteMatch => ({ path: { type, value } });
const header = { name: 'a', type: 'EXACT', value: 'b' } as const;

/** From what is tried first to what is tried last. */
const IN_ORDER: RouteMatch[] = [
  path('EXACT', '/a'),
  path('PREFIX', '/aaaa'),
  { ...path('PREFIX', '/aa'), method: 'GET' },
  path('PREFIX', '/aa/'),
  path('REGEX', '/a+'),
  { method: 'GET', headers: [header] },
  { method: 'GET' },
  { headers: [header, { ...header, name: 'b' }] },
  { headers: [header], queryParams: [header] },
  { headers: [header] },
  { queryParams: [header] },
  { ...path('PREFIX', '/'), sourceClusters: ['a'] },
  {},
];

describe('the precedence of matches', () => {
  it('is exact path, longest prefix, regex, method, headers, query parameters, callers', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(IN_ORDER), (some) => {
        const sorted = [...some].sort(byMatchPrecedence);
        expect(sorted.map((match) => IN_ORDER.indexOf(match))).toEqual(
          some.map((match) => IN_ORDER.indexOf(match)).sort((a, b) => a - b),
        );
      }),
    );
  });
});
