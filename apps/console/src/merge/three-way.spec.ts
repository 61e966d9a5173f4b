import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDispute, mergedText, threeWay } from './three-way.js';

const document = (version: string, attempts: number, timeout = '1s'): string =>
  `metadata:\n  resourceVersion: "${version}"\n  name: patient\nspec:\n  retry:\n    attempts: ${attempts}\n  other: x\n  more: y\n  timeout: ${timeout}\n`;
const merge = (base: string, mine: string, theirs: string) => threeWay({ base, mine, theirs, resourceVersion: '9' });

describe('a merge of three documents', () => {
  it('leaves a place that both changed open, with what it was and what each made of it', () => {
    const parts = merge(document('1', 7), document('1', 8), document('9', 9));
    expect(parts.filter(isDispute)).toEqual([
      { base: ['    attempts: 7'], mine: ['    attempts: 8'], theirs: ['    attempts: 9'] },
    ]);
    expect(mergedText(parts, [])).toBeUndefined();
    expect(mergedText(parts, ['mine'])).toBe(document('9', 8));
    expect(mergedText(parts, ['theirs'])).toBe(document('9', 9));
    expect(mergedText(parts, ['base'])).toBe(document('9', 7));
    expect(mergedText(parts, ['both'])).toContain('    attempts: 9\n    attempts: 8\n');
  });

  it('takes what only one of them changed, and the same change of both once', () => {
    const parts = merge(document('1', 7), document('1', 7, '2s'), document('9', 8));
    expect(mergedText(parts, [])).toBe(document('9', 8, '2s'));
    expect(mergedText(merge(document('1', 7), document('1', 8), document('9', 8)), [])).toBe(document('9', 8));
  });

  it('gives mine where nobody else changed anything, and theirs where I did not', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 8 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (base, other) => {
        expect(mergedText(merge(base, other, base), [])).toBe(other);
        expect(mergedText(merge(base, base, other), [])).toBe(other);
      }),
    );
  });

  it('says what one of them says if that is chosen everywhere and the other one changed nothing else', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, text, (base, mine, theirs) => {
        const parts = merge(base, mine, theirs);
        const open = parts.filter(isDispute).length;
        expect(mergedText(parts, Array(open).fill('mine'))).toBeTypeOf('string');
        if (open > 0) expect(mergedText(parts, Array(open - 1).fill('mine'))).toBeUndefined();
      }),
    );
  });
});
