import { randomInt } from 'node:crypto';

/** No vowels, so that no words come about, and nothing that is read for another (RFC 8628, section 6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

/** A code that people copy: 34 bits, and only those who are signed in may try one. */
export function newUserCode(): string {
  const letters = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)] ?? '').join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** The code as people write it, with other marks between its letters, in the form that it was made in; undefined if it cannot be one. */
export function userCodeOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > 40) return undefined;
  const letters = text.replaceAll(/[\s\p{P}]/gu, '');
  // Without the flag `u`, no letter of another script counts as one of these in another case.
  if (!/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/i.test(letters)) return undefined;
  return `${letters.slice(0, 4)}-${letters.slice(4)}`.toUpperCase();
}
