import { RE2JS } from 're2js';
import type { TextCheck } from './finding.js';
import { quote } from './quote.js';

/** Longest pattern, and how often anything in it may repeat at most: nested counts multiply, as the proxies' engine expands them. */
const MAX_LENGTH = 1_024;
const MAX_REPEAT = 1_000;

/** Syntax of other engines that RE2, the engine of the proxies, does not have. */
const FOREIGN: readonly [RegExp, string][] = [
  [/\(\?(?:=|!|<=|<!)/, 'look-around'],
  [/\(\?>/, 'an atomic group'],
  [/\(\?<[A-Za-z_]/, 'a named group; write (?P<name>…)'],
  [/\\(?:[1-9]|k<|k\{)/, 'a back-reference'],
  [/(?:[*+?]|\{\d*,?\d*\})\+/, 'a possessive quantifier'],
  [/\(\?\(/, 'a conditional'],
];

/** The pattern without escaped characters and without what stands in brackets, so that only its structure is left. */
function structureOf(pattern: string): string {
  return pattern.replaceAll(/\\[^1-9k]/g, 'e').replaceAll(/\[\^?\]?[^\]]*\]/g, 'c');
}

/** The product of the counts that stand around each other, at its largest. */
function largestRepeat(structure: string): number {
  const counts = [1];
  let largest = 1;
  for (const match of structure.matchAll(/\(|\)(?:\{(\d+)(?:,(\d*))?\})?|\{(\d+)(?:,(\d*))?\}/g)) {
    const count = Math.max(1, Number(match[2] || match[1] || match[4] || match[3] || 1));
    if (match[0] === '(') counts.push(1);
    else {
      const inner = match[0].startsWith(')') ? (counts.pop() ?? 1) : 1;
      const product = inner * count;
      const outer = Math.max(counts.pop() ?? 1, product);
      counts.push(outer);
      largest = Math.max(largest, product);
    }
  }
  return largest;
}

function regexFault(pattern: string): string | undefined {
  if (pattern === '') return 'it is empty';
  if (pattern.length > MAX_LENGTH) return `it has ${pattern.length} characters, ${MAX_LENGTH} are allowed`;
  const structure = structureOf(pattern);
  const foreign = FOREIGN.find(([syntax]) => syntax.test(structure));
  if (foreign !== undefined) return `RE2 does not know ${foreign[1]}`;
  if (largestRepeat(structure) > MAX_REPEAT) return `something in it repeats more than ${MAX_REPEAT} times`;
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'it does not parse';
  }
}

/** Checks a regular expression of RE2, the engine of the proxies, which never backtracks; the whole text must match. */
export const checkRegex: TextCheck = (pattern) => {
  const fault = regexFault(pattern);
  if (fault === undefined) return undefined;
  const shown = pattern.length > 64 ? `${pattern.slice(0, 60)}…` : pattern;
  return { code: 'ISM0843', message: `${quote(shown)} is not a regular expression of RE2: ${fault}` };
};
