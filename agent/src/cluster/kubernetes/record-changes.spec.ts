import { describe, expect, it } from 'vitest';
import { GOING } from '../../apply/owned-set.js';
import type { OwnedObject } from '../cluster-port.js';
import { changeOf } from './record-changes.js';
import { COPY, HEAD } from './record-shards.js';

const FENCE = { gns: 'g', line: 'policy' as const, epoch: 1, seq: 7, root: 'b'.repeat(64) };
const contents = { fences: [FENCE], parts: ['0', 'a'] };
const moved = { fences: [{ ...FENCE, seq: 8 }], parts: ['0', 'a'] };
const owned = (more: Partial<OwnedObject> = {}): OwnedObject => ({
  ...{ apiVersion: 'v1', kind: 'A', namespace: 'n', name: 'one', gns: 'g', side: 'owner', order: 1 },
  ...{ hash: 'h1', uid: 'u1', ...more },
});
const shard = (...objects: OwnedObject[]) => ({ owned: objects });

describe('a part of the record', () => {
  it('is written at once when a name comes or goes, a uid is known, or something that was pending stands', () => {
    const stored = shard(owned());
    expect(changeOf('a', undefined, shard())).toBe('now');
    expect(changeOf('a', stored, shard())).toBe('now');
    expect(changeOf('a', stored, shard(owned(), owned({ name: 'two' })))).toBe('now');
    for (const other of [{ name: 'x' }, { uid: 'u2' }, { gns: 'h' }, { host: 'x' }, { side: 'client' as const }])
      expect(changeOf('a', stored, shard(owned(other)))).toBe('now');
    expect(changeOf('a', shard(owned({ hash: '' })), stored)).toBe('now');
    expect(changeOf('a', stored, shard(owned({ hash: '' })))).toBe('now');
  });

  it('is written at once when an object is about to go, or stays after all', () => {
    const going = shard(owned({ hash: GOING }));
    expect(changeOf('a', shard(owned()), going)).toBe('now');
    expect(changeOf('a', going, shard(owned()))).toBe('now');
    expect(changeOf('a', going, shard(owned({ hash: GOING })))).toBe('none');
  });

  it('is written at once when it is the copy and a fence moved, or the parts are others', () => {
    expect(changeOf(COPY, { owned: [], contents }, { owned: [], contents: moved })).toBe('now');
    const more = { ...contents, parts: ['0', 'a', 'b'] };
    expect(changeOf(COPY, { owned: [], contents }, { owned: [], contents: more })).toBe('now');
    expect(changeOf(HEAD, { owned: [], contents }, { owned: [], contents: more })).toBe('now');
    const forgotten = { ...contents, fences: [] };
    expect(changeOf(HEAD, { owned: [], contents }, { owned: [], contents: forgotten })).toBe('now');
  });

  it('may be written later when only a hash is another one, or fences in the head', () => {
    expect(changeOf('a', shard(owned()), shard(owned({ hash: 'h2' })))).toBe('later');
    expect(changeOf(COPY, { owned: [owned()], contents }, { owned: [owned({ hash: 'h2' })], contents })).toBe('later');
    expect(changeOf(HEAD, { owned: [], contents }, { owned: [], contents: moved })).toBe('later');
    const joined = { ...contents, fences: [FENCE, { ...FENCE, line: 'catalog' as const }] };
    expect(changeOf(HEAD, { owned: [], contents }, { owned: [], contents: joined })).toBe('later');
    const before = shard(owned({ name: 'a' }), owned({ name: 'b' }));
    expect(changeOf('a', before, shard(owned({ name: 'a', hash: 'h2' }), owned({ name: 'b', uid: 'u2' })))).toBe('now');
  });

  it('is not written when it says the same', () => {
    expect(changeOf('a', shard(owned()), shard({ ...owned() }))).toBe('none');
    expect(changeOf(HEAD, { owned: [], contents }, { owned: [], contents: { ...contents } })).toBe('none');
  });
});
