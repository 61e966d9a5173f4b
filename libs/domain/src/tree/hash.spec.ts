import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from './hash.js';

const reference = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

describe('a hash', () => {
  it('is that of the text alone, whatever was hashed before it', () => {
    const texts = fc.array(
      fc.oneof(
        fc.string({ maxLength: 200 }),
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.nat({ max: 5_000 }).map((length) => 'a'.repeat(length)),
      ),
    );
    fc.assert(
      fc.property(texts, (all) => {
        expect(all.map(sha256Hex)).toEqual(all.map(reference));
      }),
    );
  });

  it('is right on both sides of every length where blocks and buffers end', () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 4_095, 4_096, 4_097, 8_192]) {
      expect(sha256Hex('x'.repeat(length))).toBe(reference('x'.repeat(length)));
      expect(sha256Hex(`${'x'.repeat(length)}é`)).toBe(reference(`${'x'.repeat(length)}é`));
    }
  });
});
