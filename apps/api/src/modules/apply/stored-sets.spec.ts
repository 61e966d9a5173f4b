import type { ResourceRecord } from '@isthmus/store';
import { describe, expect, it } from 'vitest';
import { StoredSets } from './stored-sets.js';

type Tx = Parameters<StoredSets['current']>[0];

const at = new Date(0);
const project = (name: string, text = ''): ResourceRecord => ({
  ...{ kind: 'Project', project: '', name, uid: `uid-${name}`, labels: {}, annotations: { text }, spec: {} },
  ...{ generation: 1, resourceVersion: '1', createdAt: at, updatedAt: at },
});

/** A transaction of an organization that counts what is read. */
function transaction(org: string, stored: ResourceRecord[], since?: Awaited<ReturnType<Tx['resources']['since']>>) {
  const read: string[] = [];
  const resources = {
    all: () => {
      read.push('all');
      return Promise.resolve(stored);
    },
    since: (stamp: string) => {
      read.push(`since ${stamp}`);
      return Promise.resolve(since);
    },
  };
  return { tx: { org, resources } as unknown as Tx, read };
}

const setOf = (stamp: string, ...records: ResourceRecord[]) => ({
  stamp,
  records: new Map(records.map((record) => [`Project//${record.name}`, record])),
});

const names = (set: { records: ReadonlyMap<string, ResourceRecord> }): string[] =>
  [...set.records.values()].map(({ name }) => name).sort();

describe('what was stored when an organization was changed last', () => {
  it('is not taken for that of another organization with the same stamp', async () => {
    const sets = new StoredSets();
    sets.keep('mine', setOf('1', project('mine')));
    const { tx, read } = transaction('theirs', [project('theirs')]);
    expect(names(await sets.current(tx, '1'))).toEqual(['theirs']);
    expect(read).toEqual(['all']);
  });

  it('is read anew if the database cannot tell what came since', async () => {
    const sets = new StoredSets();
    sets.keep('mine', setOf('1', project('old')));
    const { tx, read } = transaction('mine', [project('new')]);
    expect(await sets.current(tx, '2')).toEqual(setOf('2', project('new')));
    expect(read).toEqual(['since 1', 'all']);
  });

  it('is brought up to date by what came since, and judged anew', async () => {
    const sets = new StoredSets();
    const judged = { inventories: { fingerprint: '', byCluster: new Map() }, issues: new Set('a') };
    const before = { ...setOf('1', project('same'), project('changed'), project('gone')), judged };
    sets.keep('mine', before);
    const gone = [{ kind: 'Project', project: '', name: 'gone' } as const];
    const { tx, read } = transaction('mine', [], { changed: [project('changed', 'now'), project('new')], gone });
    const set = await sets.current(tx, '2');
    expect(set).toEqual(setOf('2', project('same'), project('changed', 'now'), project('new')));
    expect(read).toEqual(['since 1']);
    expect(names(before)).toEqual(['changed', 'gone', 'same']);
  });

  it('is not read at all if nothing came since', async () => {
    const sets = new StoredSets();
    const set = setOf('1', project('same'));
    sets.keep('mine', set);
    const { tx, read } = transaction('mine', []);
    expect(await sets.current(tx, '1')).toBe(set);
    expect(read).toEqual([]);
  });

  it('goes when it takes more room than there is, that of the organization changed longest ago first', async () => {
    const sets = new StoredSets(3000);
    const isKept = async (org: string) => {
      const { tx, read } = transaction(org, []);
      await sets.current(tx, '1');
      return read.length === 0;
    };
    sets.keep('large', setOf('1', project('a', 'x'.repeat(3000))));
    expect(await isKept('large')).toBe(false);
    for (const org of ['one', 'two', 'three']) sets.keep(org, setOf('1', project('a', 'x'.repeat(500))));
    expect(await Promise.all(['one', 'two', 'three'].map(isKept))).toEqual([true, true, true]);
    sets.keep('one', setOf('1', project('a', 'x'.repeat(501))));
    sets.keep('four', setOf('1', project('a', 'x'.repeat(500))));
    expect(await Promise.all(['one', 'two', 'three', 'four'].map(isKept))).toEqual([true, false, true, true]);
    sets.keep('one', setOf('1', project('a', 'x'.repeat(3000))));
    expect(await Promise.all(['one', 'three', 'four'].map(isKept))).toEqual([false, true, true]);
  });
});
