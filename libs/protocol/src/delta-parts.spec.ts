import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeGatewayMessage } from './codec.js';
import { createSyncAssembler, splitDelta, syncFrame } from './delta-parts.js';
import type { GatewayMessageOf } from './gateway-messages.js';
import type { Statement } from './statement.js';

const hash = 'a'.repeat(64);
const statement: Statement = { org: 'o', cluster: 'c', gns: 'g', line: 'policy', epoch: 1, seq: 1, root: hash };
const entry = (name: string, size: number): { name: string; hash: string; body: string } => ({
  name,
  hash,
  body: 'x'.repeat(size),
});
const delta = { from: hash, put: [entry('a', 300), entry('b', 300), entry('c', 300)], remove: ['d'] };

function framesOf(id: number, bytes: number): GatewayMessageOf<'sync'>[] {
  const parts = splitDelta(delta, bytes);
  return parts.map((part, index) => {
    const text = syncFrame(
      { id, statement, signature: 's' },
      { part: index, parts: parts.length },
      JSON.stringify(part),
    );
    const decoded = decodeGatewayMessage(text);
    if (decoded.kind !== 'message' || decoded.message.type !== 'sync') throw new Error('not a sync');
    return decoded.message;
  });
}

describe('parts of a delta', () => {
  it('are dropped when one is missing, repeated or of another sync', () => {
    const first = framesOf(1, 500);
    const second = framesOf(2, 500);
    expect(first.length).toBeGreaterThan(2);
    const at = (frames: GatewayMessageOf<'sync'>[], index: number): GatewayMessageOf<'sync'> =>
      frames[index] as GatewayMessageOf<'sync'>;
    const gap = createSyncAssembler();
    expect(gap.add(at(first, 0))).toBe('incomplete');
    expect(gap.add(at(first, 2))).toBe('out-of-order');
    expect(gap.add(at(first, 1))).toBe('out-of-order');
    const mixed = createSyncAssembler();
    mixed.add(at(first, 0));
    expect(mixed.add(at(second, 1))).toBe('out-of-order');
  });

  it('never cut an entry, and one that is larger than a part travels alone', () => {
    const parts = splitDelta({ from: hash, put: [entry('a', 10), entry('b', 9000), entry('c', 10)], remove: [] }, 1000);
    expect(parts.map((part) => part.put.map(({ name }) => name))).toEqual([['a'], ['b'], ['c']]);
  });

  it('are one part for an empty delta', () => {
    expect(splitDelta({ from: hash, put: [], remove: [] })).toEqual([{ from: hash, put: [], remove: [] }]);
  });

  it('give the delta back, whatever the size of a part', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (bytes) => {
        const assembler = createSyncAssembler();
        const results = framesOf(1, bytes).map((frame) => assembler.add(frame));
        expect(results.at(-1)).toEqual({ statement, signature: 's', delta });
        expect(results.slice(0, -1).every((result) => result === 'incomplete')).toBe(true);
      }),
    );
  });
});
