import { describe, expect, it } from 'vitest';
import { checkRegex } from './regexes.js';

const refused = (pattern: string): string => checkRegex(pattern)?.message ?? 'accepted';

describe('a regular expression for proxies', () => {
  it.each([
    ['', 'it is empty'],
    ['(?=a)b', 'look-around'],
    ['(?<!a)b', 'look-around'],
    ['(?>a)', 'atomic'],
    [String.raw`(a)\1`, 'back-reference'],
    [String.raw`(?P<x>a)\k<x>`, 'back-reference'],
    ['(?<x>a)', 'named group'],
    ['a*+', 'possessive'],
    ['a{2}+', 'possessive'],
    ['a{1001}', 'repeats'],
    ['a{2,1001}', 'repeats'],
    ['((a{100}){11})', 'repeats'],
    ['((a{10}b){10}(c){11}){11}', 'repeats'],
    ['(a', 'missing closing )'],
    ['[a', 'missing closing ]'],
    ['a'.repeat(1_025), '1025 characters'],
  ])('is refused: %s', (pattern, why) => {
    expect(refused(pattern)).toContain(why);
    expect(checkRegex(pattern)?.code).toBe('ISM0843');
  });

  it.each([
    'a',
    'a'.repeat(1_024),
    '(a+)+b',
    'a{1000}',
    '((a{100}){10})',
    '(a{100})(b{100})',
    String.raw`/v[0-9]+/.*`,
    String.raw`\(\?=literal\)`,
    String.raw`\\1`,
    '[(?=]x',
    '(?P<x>a)',
    '(?i)abc',
    'a*?b',
  ])('is accepted: %s', (pattern) => {
    expect(refused(pattern)).toBe('accepted');
  });
});
