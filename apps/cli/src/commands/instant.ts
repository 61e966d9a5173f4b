import * as z from 'zod';
import { UsageError } from '../usage-error.js';

const day = z.iso.date();
const time = z.iso.datetime({ offset: true });

/**
 * The instant of an option, as RFC 3339 writes it with its zone; of a day, in UTC, its start or its end. Nothing else is taken: what
 * `Date` makes of other texts is rarely what was meant.
 */
export function instantOf(option: string, text: string, ofDay: 'START' | 'END'): string {
  const at = day.safeParse(text).success ? `${text}T${ofDay === 'END' ? '23:59:59' : '00:00:00'}Z` : text.toUpperCase();
  if (time.safeParse(at).success) return new Date(at).toISOString();
  throw new UsageError(`${option} takes a day or a time in RFC 3339, like 2026-11-28T10:00:00Z, not ${text}`);
}
