import { describe, expect, it } from 'vitest';
import { parseResource } from '../../parse-resource.js';
import { pathTaker } from './taken-paths.js';

const takes = (type: 'EXACT' | 'PREFIX' | 'REGEX', value: string, request: string) =>
  pathTaker({ path: { type, value } })(request);

describe('a path', () => {
  it.each([
    ['/v2', true],
    ['/v2/', true],
    ['/v2/x', true],
    ['/v2x', false],
    ['/', false],
  ])('%s is below the prefix /v2: %s', (request, taken) => {
    expect(takes('PREFIX', '/v2', request)).toBe(taken);
    expect(takes('PREFIX', '/v2/', request)).toBe(taken);
    expect(takes('PREFIX', '/', request)).toBe(true);
  });

  it('is another one than an exact one with more or less', () => {
    expect(['/a', '/a/', '/'].map((request) => takes('EXACT', '/a', request))).toEqual([true, false, false]);
  });

  it('matches an expression as a whole, the second time as the first', () => {
    expect(takes('REGEX', '/a|/b', '/bc')).toBe(false);
    expect(takes('REGEX', '/(?P<x>a)', '/a')).toBe(true);
    const taker = pathTaker({ path: { type: 'REGEX', value: '/a+' } });
    expect(['/aa', '/aa', '/b', '/b'].map(taker)).toEqual([true, true, false, false]);
  });

  it('is judged at once by expressions over which an engine that goes back would sit for ever', () => {
    const long = `/${'a'.repeat(1_000)}`;
    const rules = ['/(a+)+b', '/(a|a)*b', '/(a*)*b'].map((value, index) => ({
      name: `r${index}`,
      matches: [{ path: { type: 'REGEX', value } }],
      redirect: { host: 'other.example' },
    }));
    const { issues } = parseResource({
      apiVersion: 'isthmus.dev/v1alpha1',
      kind: 'TrafficPolicy',
      metadata: { name: 'a' },
      spec: {
        targets: [{ globalNamespace: 'shop' }],
        routes: {
          rules: [
            ...rules,
            { name: 'long', matches: [{ path: { type: 'EXACT', value: '/x' } }], redirect: { path: long } },
          ],
        },
      },
    });
    expect(issues.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
  });
});
