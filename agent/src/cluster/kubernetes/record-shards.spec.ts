import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEAD, joinRecord, splitRecord } from './record-shards.js';

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

  it('takes a part that was made just before a crash, with no head yet', () => {
    const parts = splitRecord({ fences: [], owned: [] }, new Set(['a']));
    parts.delete(HEAD);
    expect(joinRecord(parts)).toEqual({ ok: true, record: { fences: [], owned: [] } });
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
