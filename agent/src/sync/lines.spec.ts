import { generateKeyPairSync } from 'node:crypto';
import { EMPTY_ROOT, EMPTY_TREE } from '@isthmus/domain';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { pinnedVerifier } from '../identity/identity.js';
import { Lines } from './lines.js';
import { AUDIENCE, PINNED_KEY, signedSync, treeOf } from './signed.fixture.js';
import type { StoredLine } from './state-store.js';

const otherKey = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
const fresh = (): Lines => new Lines(AUDIENCE, pinnedVerifier([PINNED_KEY]));

describe('a received position', () => {
  let lines: Lines;
  const stored = (sync: ReturnType<typeof signedSync>): StoredLine => {
    const result = fresh().receive(sync);
    if (result.outcome !== 'ACCEPTED') throw new Error(result.outcome);
    return result.stored;
  };
  beforeEach(() => {
    lines = fresh();
    lines.receive(signedSync(treeOf('a'), { seq: 5 }));
  });

  it('is refused when the key is not pinned, or the statement is for another cluster or organization', () => {
    expect(new Lines(AUDIENCE, pinnedVerifier([otherKey])).receive(signedSync(treeOf('a')))).toMatchObject({
      outcome: 'REFUSED',
    });
    expect(lines.receive(signedSync(treeOf('b'), { seq: 6, cluster: 'c2' }))).toMatchObject({ outcome: 'REFUSED' });
    expect(lines.receive(signedSync(treeOf('b'), { seq: 6, org: 'acme' }))).toMatchObject({ outcome: 'REFUSED' });
    expect(lines.get('g1', 'policy')?.position.seq).toBe(5);
  });

  it('changes nothing when it is older, in seq or in epoch', () => {
    expect(lines.receive(signedSync(treeOf('b'), { seq: 4 })).outcome).toBe('STALE');
    expect(lines.receive(signedSync(treeOf('b'), { seq: 99, epoch: 0 })).outcome).toBe('STALE');
    expect(lines.get('g1', 'policy')?.tree?.root).toBe(treeOf('a').root);
  });

  it('is a fault when the same pair comes with another root', () => {
    expect(lines.receive(signedSync(treeOf('b'), { seq: 5 }))).toMatchObject({
      outcome: 'REFUSED',
      reason: expect.stringContaining('another root') as string,
    });
  });

  it('is not taken when a blob was tampered with, added, or left out', () => {
    const sync = signedSync(treeOf('b', 'c'), { seq: 6 });
    const [first, second] = sync.delta.put;
    if (!first || !second) throw new Error('two entries');
    const tampered = { ...first, body: first.body.replace('b', 'x') };
    for (const put of [[tampered, second], [first], [first, second, { ...first, name: 'host/d' }], [first, first]]) {
      expect(lines.receive({ ...sync, delta: { ...sync.delta, put } }).outcome).toBe('NEED_FULL');
    }
    expect(lines.get('g1', 'policy')?.tree?.root).toBe(treeOf('a').root);
  });

  it('asks for the whole tree when its base is not what is held', () => {
    expect(lines.receive(signedSync(treeOf('a', 'b'), { seq: 6 }, treeOf('z'))).outcome).toBe('NEED_FULL');
  });

  it('is taken from the held base, and a rollback is a higher seq with an older root', () => {
    expect(lines.receive(signedSync(treeOf('a', 'b'), { seq: 6 }, treeOf('a'))).outcome).toBe('ACCEPTED');
    expect(lines.receive(signedSync(treeOf('a'), { seq: 7 }, treeOf('a', 'b'))).outcome).toBe('ACCEPTED');
    expect(lines.receive(signedSync(EMPTY_TREE, { seq: 8 }, treeOf('a'))).outcome).toBe('ACCEPTED');
    expect(lines.get('g1', 'policy')).toMatchObject({ position: { seq: 8, root: EMPTY_ROOT } });
  });

  it('never goes back, whatever the order of arrival', () => {
    const arrivals = fc.array(fc.record({ epoch: fc.integer({ min: 1, max: 3 }), seq: fc.nat(6) }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(arrivals, (pairs) => {
        const target = fresh();
        for (const { epoch, seq } of pairs)
          target.receive(signedSync(treeOf(`r${String(epoch)}-${String(seq)}`), { epoch, seq }));
        const [highest] = [...pairs].sort((a, b) => b.epoch - a.epoch || b.seq - a.seq);
        expect(target.get('g1', 'policy')?.position).toMatchObject(highest ?? {});
      }),
      { numRuns: 30 },
    );
  });

  it('is restored from a bundle only if that is not behind the fence, is signed, and is whole', () => {
    const bundle = stored(signedSync(treeOf('a'), { seq: 5 }));
    const restore = (fenceSeq: number, line: StoredLine): Lines => {
      const target = fresh();
      target.restore([{ ...bundle.position, seq: fenceSeq }], [line]);
      return target;
    };
    expect(restore(6, bundle).held()).toEqual([{ ...bundle.position, seq: 6 }]);
    expect(restore(5, { ...bundle, entries: [] }).get('g1', 'policy')?.tree).toBeUndefined();
    expect(
      restore(5, { ...bundle, statement: { ...bundle.statement, minCatalogSeq: 9 } }).get('g1', 'policy')?.tree,
    ).toBeUndefined();
    expect(restore(5, bundle).get('g1', 'policy')?.tree?.root).toBe(treeOf('a').root);
    expect(restore(4, bundle).get('g1', 'policy')?.position.seq).toBe(5);
  });

  it('knows after a restart how far a policy may go', () => {
    const sync = signedSync(treeOf('a'), { seq: 5, step: 'expand' });
    const restored = fresh();
    restored.restore([], [stored(sync)]);
    expect(restored.get('g1', 'policy')?.step).toBe('expand');
    expect(fresh().receive({ ...sync, statement: { ...sync.statement, step: undefined } })).toMatchObject({
      outcome: 'REFUSED',
    });
  });

  it('fills in the bodies of a position that is known from the record alone', () => {
    const target = fresh();
    const sync = signedSync(treeOf('a'), { seq: 5 });
    const { gns, line, epoch, seq, root } = sync.statement;
    target.restore([{ gns, line, epoch, seq, root }], []);
    expect(target.held()).toEqual([{ gns, line, epoch, seq, root }]);
    expect(target.receive(signedSync(treeOf('b'), { seq: 5 })).outcome).toBe('REFUSED');
    expect(target.receive(sync).outcome).toBe('ACCEPTED');
    expect(target.receive(sync).outcome).toBe('STALE');
    expect(target.held()).toEqual([{ gns, line, epoch, seq, root, have: root }]);
  });
});
