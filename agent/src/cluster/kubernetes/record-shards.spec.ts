import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COPY, HEAD, joinRecord, splitRecord } from './record-shards.js';

const FENCE = { gns: 'g', line: 'policy' as const, epoch: 1, seq: 7, root: 'b'.repeat(64) };
const owned = fc.record({
  apiVersion: fc.constantFrom('v1', 'networking.istio.io/v1'),
  kind: fc.constantFrom('A', 'B'),
  namespace: fc.constantFrom('x', 'y', 'z'),
  name: fc.stringMatching(/^[a-z]{1,6}$/),
  gns: fc.constant('g'),
  side: fc.constantFrom('owner' as const, 'client' as const),
  order: fc.nat(9),
  hash: fc.constant(''),
});
const records = fc
  .uniqueArray(owned, {
    selector: ({ apiVersion, kind, namespace, name }) => [apiVersion, kind, namespace, name].join('/'),
  })
  .map((list) => ({ fences: [], owned: list }));

describe('the parts of a record', () => {
  it('refuses a lost part', () => {
    const parts = splitRecord({ fences: [], owned: [] }, new Set(['a']));
    parts.delete('a');
    expect(joinRecord(parts)).toMatchObject({ ok: false });
  });

  it('refuses a lost part without a head, too', () => {
    const parts = splitRecord({ fences: [FENCE], owned: [] }, new Set(['a']));
    parts.delete(HEAD);
    parts.delete('a');
    expect(joinRecord(parts)).toEqual({ ok: false, reason: 'parts are missing: a' });
  });

  it('knows each fence by the higher one of head and copy, and by the copy alone when its head was deleted', () => {
    const catalog = { ...FENCE, line: 'catalog' as const };
    const at = (policy: number, seq: number) =>
      splitRecord(
        {
          fences: [
            { ...FENCE, seq: policy },
            { ...catalog, seq },
          ],
          owned: [],
        },
        new Set(),
      );
    const parts = at(7, 2);
    parts.set(COPY, at(6, 3).get(COPY) ?? '');
    expect(joinRecord(parts)).toMatchObject({ ok: true, record: { fences: [{ seq: 7 }, { seq: 3 }] } });
    parts.delete(HEAD);
    expect(joinRecord(parts)).toMatchObject({ ok: true, record: { fences: [{ seq: 6 }, { seq: 3 }] } });
  });

  it('takes a part that was made just before a crash, with neither head nor copy yet', () => {
    const parts = splitRecord({ fences: [FENCE], owned: [] }, new Set(['a']));
    parts.delete(HEAD);
    parts.delete(COPY);
    expect(joinRecord(parts)).toMatchObject({ ok: true, record: { fences: [], owned: [] } });
  });

  it('join to what was split, and parts that were there stay', () => {
    fc.assert(
      fc.property(records, records, (before, after) => {
        const first = splitRecord(before, new Set());
        const second = splitRecord(after, new Set(first.keys()));
        const joined = joinRecord(second);
        expect(joined.ok && new Set(joined.record.owned)).toEqual(new Set(after.owned));
        expect([...first.keys()].every((part) => second.has(part))).toBe(true);
      }),
    );
  });
});
