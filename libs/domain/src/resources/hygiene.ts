import type { PathStep } from '../issues/field-path.js';
import { isWellFormed } from '../tree/canonical.js';
import type { Finding } from './text/finding.js';
import { quote } from './text/quote.js';

/** Deepest nesting of mappings and lists that is looked into. */
export const MAX_DEPTH = 64;

/** The most characters of all texts and keys of one resource (1 MiB). */
export const MAX_CHARACTERS = 1024 * 1024;

/** A finding with its place. */
export interface PlacedFinding extends Finding {
  steps: readonly PathStep[];
}

const MANY_FINDINGS = 100;
const TROUBLESOME_KEYS = ['__proto__', 'constructor', 'prototype'];

/** Control characters but for tab, line feed and carriage return; also the bidirectional overrides that disguise text. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/;

/**
 * What no resource may hold, whatever its kind: control characters, half surrogate pairs, keys with a meaning in programs, nesting
 * beyond 64 levels, more than 1 MiB of text. Walks without recursion, stops after 100 findings.
 */
export function hygieneFindings(document: unknown): PlacedFinding[] {
  const findings: PlacedFinding[] = [];
  const queue: { value: unknown; steps: readonly PathStep[] }[] = [{ value: document, steps: [] }];
  let characters = 0;
  for (let next = queue.pop(); next !== undefined && findings.length < MANY_FINDINGS; next = queue.pop()) {
    const { value, steps } = next;
    if (typeof value === 'string') {
      characters += value.length;
      findings.push(...textFindings(value).map((finding) => ({ ...finding, steps })));
      continue;
    }
    if (typeof value !== 'object' || value === null) continue;
    if (steps.length >= MAX_DEPTH) return [tooDeep(steps)];
    const entries = entriesOf(value);
    characters += entries.reduce((sum, [key]) => sum + String(key).length, 0);
    findings.push(...keyFindings(entries, steps));
    queue.push(...[...entries].reverse().map(([key, inner]) => ({ value: inner, steps: [...steps, key] })));
    if (characters > MAX_CHARACTERS) return [tooLarge()];
  }
  return characters > MAX_CHARACTERS ? [tooLarge()] : findings;
}

function entriesOf(value: object): [PathStep, unknown][] {
  return Array.isArray(value) ? value.map((item: unknown, index) => [index, item]) : Object.entries(value);
}

function keyFindings(entries: readonly [PathStep, unknown][], steps: readonly PathStep[]): PlacedFinding[] {
  return entries.flatMap(([key]): PlacedFinding[] => {
    if (typeof key === 'number') return [];
    if (TROUBLESOME_KEYS.includes(key)) {
      return [{ code: 'ISM0034', message: `the key ${quote(key)} is not allowed`, steps: [...steps, key] }];
    }
    return textFindings(key).map((finding) => ({ ...finding, steps }));
  });
}

function textFindings(text: string): Finding[] {
  const message = textFault(text);
  return message === undefined ? [] : [{ code: 'ISM0034', message }];
}

/** Says why a text cannot be stored or shown: half a surrogate pair or a control character; undefined if it can. */
export function textFault(text: string): string | undefined {
  if (!isWellFormed(text)) return `the text ${quote(text)} holds half a surrogate pair`;
  const control = CONTROL.exec(text)?.[0];
  if (control === undefined) return undefined;
  const name = `U+${control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  return `the text ${quote(text)} holds the control character ${name}`;
}

const tooDeep = (steps: readonly PathStep[]): PlacedFinding => ({
  code: 'ISM0029',
  message: `nested deeper than ${MAX_DEPTH} levels`,
  steps: steps.slice(0, 8),
});

const tooLarge = (): PlacedFinding => ({
  code: 'ISM0032',
  message: `the resource has more than ${MAX_CHARACTERS} characters`,
  steps: [],
});
