import * as z from 'zod';
import type { TextCheck } from './finding.js';
import { quote } from './quote.js';

const instant = z.iso.datetime({ offset: true });

/** Milliseconds since 1970 of an instant as RFC 3339 writes it, with the offset from UTC; undefined for any other text. */
export function instantMs(text: string): number | undefined {
  return instant.safeParse(text).success ? Date.parse(text) : undefined;
}

/** Checks that a text is an instant after 1970. */
export const checkInstant: TextCheck = (text) =>
  (instantMs(text) ?? -1) >= 0
    ? undefined
    : {
        code: 'ISM0865',
        message: `${quote(text)} is not an instant with its offset from UTC`,
        hint: 'for example 2027-01-31T18:00:00Z',
      };
