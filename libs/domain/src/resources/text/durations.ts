import type { TextCheck } from './finding.js';
import { quote } from './quote.js';

const PART = /(\d{1,7}(?:\.\d{1,3})?)(ms|h|m|s)/y;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds of a duration as Go and the Gateway API write it: `250ms`, `1.5s`, `1m30s`, `2h`. Undefined for any other text
 * and for fractions of a millisecond. Zero is `0s`.
 */
export function durationMs(text: string): number | undefined {
  let total = 0;
  let last = Number.POSITIVE_INFINITY;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const match = PART.exec(text);
    const unit = UNIT_MS[match?.[2] ?? ''];
    if (match === null || unit === undefined || unit >= last) return undefined;
    total += Number(match[1]) * unit;
    last = unit;
  }
  const rounded = Math.round(total);
  return text === '' || Math.abs(total - rounded) > 1e-6 ? undefined : rounded;
}

/** The shortest text of a whole number of milliseconds: `1500` is `1500ms`, `2000` is `2s`. */
export function durationText(ms: number): string {
  if (ms % 1_000 !== 0) return `${ms}ms`;
  return `${ms / 1_000}s`;
}

/** Checks that a text is a duration between the two, both inclusive, in milliseconds. */
export function checkDuration(first: number, last: number): TextCheck {
  return (text) => {
    const ms = durationMs(text);
    if (ms === undefined) {
      return { code: 'ISM0950', message: `${quote(text)} is not a duration`, hint: 'for example 250ms, 1.5s or 1m30s' };
    }
    if (ms >= first && ms <= last) return undefined;
    return {
      code: 'ISM0950',
      message: `the duration ${text} is not between ${durationText(first)} and ${durationText(last)}`,
    };
  };
}
