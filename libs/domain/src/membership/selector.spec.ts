import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelExpression, Selector } from '../resources/types.js';
import { matchesGlob } from './glob.js';
import { matchesSelector, selectorMatcher } from './selector.js';

const subject = { name: 'shop-eu', labels: { tier: 'app', empty: '' } };
const expression = (operator: LabelExpression['operator'], key: string, values?: string[]): Selector => ({
  matchExpressions: [{ key, operator, ...(values && { values }) }],
});

describe('a selector refuses', () => {
  it.each<[string, Selector]>([
    ['another name', { names: ['shop'] }],
    ['a glob that fits a part only', { globs: ['shop'] }],
    ['another case', { names: ['Shop-eu'] }],
    ['a label with another value', { matchLabels: { tier: 'db' } }],
    ['one of two labels missing', { matchLabels: { tier: 'app', zone: 'a' } }],
    ['the right name with the wrong label', { names: ['shop-eu'], matchLabels: { tier: 'db' } }],
    ['a label that objects inherit', { matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }],
    ['In without the value', expression('In', 'tier', ['db'])],
    ['In of an absent label', expression('In', 'zone', ['a'])],
    ['NotIn with the value', expression('NotIn', 'tier', ['app'])],
    ['Exists of an absent label', expression('Exists', 'zone')],
    ['DoesNotExist of a label with an empty value', expression('DoesNotExist', 'empty')],
  ])('%s', (_, selector) => {
    expect(matchesSelector(selector, subject)).toBe(false);
  });
});

describe('a selector selects', () => {
  it.each<[string, Selector | undefined]>([
    ['everything when it is left out', undefined],
    ['the name', { names: ['other', 'shop-eu'] }],
    ['by glob', { globs: ['shop-*'] }],
    ['by name or glob', { names: ['other'], globs: ['*-e?'] }],
    ['by labels', { matchLabels: { tier: 'app' } }],
    ['In with the value', expression('In', 'tier', ['db', 'app'])],
    ['NotIn of an absent label, as Kubernetes does', expression('NotIn', 'zone', ['a'])],
    ['Exists of a label with an empty value', expression('Exists', 'empty')],
    ['DoesNotExist of an absent label', expression('DoesNotExist', 'zone')],
  ])('%s', (_, selector) => {
    expect(matchesSelector(selector, subject)).toBe(true);
  });
});

describe('a glob', () => {
  const toRegExp = (glob: string) => new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
  const letters = (more: string) => fc.string({ unit: fc.constantFrom(...`ab-${more}`), maxLength: 12 });

  it('means what the regular expression of its wildcards means', () => {
    fc.assert(
      fc.property(letters('*?'), letters(''), (glob, text) => {
        expect(matchesGlob(glob, text)).toBe(toRegExp(glob).test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('does not take long over patterns that stall backtracking', () => {
    const started = performance.now();
    expect(matchesGlob('*a'.repeat(120) + 'b', 'a'.repeat(253))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

it('a prepared selector selects the same', () => {
  const selector = fc.record(
    {
      names: fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1 }),
      globs: fc.array(fc.constantFrom('a*', '?', '*'), { minLength: 1 }),
      matchLabels: fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom('1', '2')),
    },
    { requiredKeys: [] },
  );
  const one = fc.record({
    name: fc.constantFrom('a', 'b', 'ab', 'c'),
    labels: fc.constantFrom<Record<string, string>>({}, { x: '1' }, { x: '2', y: '1' }),
  });
  fc.assert(
    fc.property(selector, one, (rule, candidate) => {
      expect(selectorMatcher(rule)(candidate)).toBe(matchesSelector(rule, candidate));
    }),
  );
});
