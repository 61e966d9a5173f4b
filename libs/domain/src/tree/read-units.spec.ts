import { describe, expect, it } from 'vitest';
import { buildTree } from './build.js';
import { entry } from './entry.js';
import { treeNodes, type ReadNodes } from './nodes.js';
import { readUnits } from './read-units.js';

const names = [
  'gns',
  'gns/encryption',
  ...Array.from({ length: 600 }, (_, at) => [`host/h${at}`, `host/h${at}/member`]).flat(),
];
const tree = buildTree(names.map((name) => entry(name, { kind: name })));
const nodes = new Map([...treeNodes(tree)].map(({ hash, text }) => [hash, text]));

/** Reads from the nodes, and counts the reads and what they were asked for. */
function reader(from: ReadonlyMap<string, string> = nodes): { read: ReadNodes; asked: number[] } {
  const asked: number[] = [];
  const read: ReadNodes = (hashes) => {
    asked.push(hashes.length);
    return Promise.resolve(new Map(hashes.flatMap((hash) => (from.has(hash) ? [[hash, from.get(hash) ?? '']] : []))));
  };
  return { read, asked };
}

describe('reading some units of a tree', () => {
  it('names a node that is missing, and one that does not hash to its name', async () => {
    const { hash } = tree.entries.get('host/h7') ?? { hash: '' };
    const without = new Map([...nodes].filter(([one]) => one !== hash));
    const units = new Set(['host/h7']);
    expect(await readUnits(tree.root, units, reader(without).read)).toMatchObject({ ok: false, missing: [hash] });
    const other = new Map(nodes).set(hash, '{"kind":"other"}');
    expect(await readUnits(tree.root, units, reader(other).read)).toMatchObject({ ok: false, damaged: [hash] });
  });

  it('gives nothing for units that the tree does not have', async () => {
    expect(await readUnits(tree.root, new Set(['host/away']), reader().read)).toEqual({ ok: true, entries: [] });
  });

  it('gives all entries of the units and reads nothing beside the way to them', async () => {
    const { read, asked } = reader();
    const result = await readUnits(tree.root, new Set(['gns', 'host/h7']), read);
    const found = result.ok ? result.entries : [];
    expect(found.map(({ name }) => name).sort()).toEqual(['gns', 'gns/encryption', 'host/h7', 'host/h7/member']);
    for (const one of found) expect(one).toEqual(tree.entries.get(one.name));
    expect(asked).toEqual([1, 2, 2, 4]);
  });
});
