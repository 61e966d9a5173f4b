import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_ROOT, EMPTY_TREE, buildTree, updateTree } from './build.js';
import { applyDelta, diffTrees, verifyTree } from './delta.js';
import { entry, hostOf, isEntryName, unitOf } from './entry.js';
import { hashNode } from './hash.js';
import { changedNodes, readTree, treeNodes } from './nodes.js';
import type { Tree, TreeEntry } from './types.js';

const names = fc.oneof(
  fc.constantFrom('gns', 'gns/encryption', 'cluster/east', 'cluster/west'),
  fc.tuple(fc.nat(8), fc.nat(3)).map(([host, member]) => `host/h${host}.x.global/member/c${member}/ns/svc`),
  fc.nat(8).map((host) => `host/h${host}.x.global`),
);
const entries = fc
  .uniqueArray(fc.tuple(names, fc.nat(5)), { selector: ([name]) => name, maxLength: 30 })
  .map((pairs) => pairs.map(([name, value]) => entry(name, { value })));
const treeOf = (list: TreeEntry[]): Tree => buildTree(list);

describe('a tree', () => {
  it('refuses two entries of one name', () => {
    expect(() => buildTree([entry('a/b', { v: 1 }), entry('a/b', { v: 2 })])).toThrow(/two entries/);
  });

  it('refuses names that are empty, too long, or hold spaces, control characters or broken Unicode', () => {
    for (const name of ['', 'a b', 'a\nb', 'a\u0000', '\ud800', 'a'.repeat(1025)]) {
      expect(isEntryName(name)).toBe(false);
      expect(() => buildTree([entry(name, { v: 1 })])).toThrow(/name of a tree entry/);
      expect(() => updateTree(EMPTY_TREE, { put: [entry(name, { v: 1 })] })).toThrow(/name of a tree entry/);
    }
    expect(isEntryName('a'.repeat(1024))).toBe(true);
  });

  it('without entries has the empty root', () => {
    expect(buildTree([]).root).toBe(EMPTY_ROOT);
    expect(EMPTY_ROOT).toBe(hashNode('root', '[]'));
    expect(EMPTY_TREE.entries.size).toBe(0);
  });

  it('keeps its format: this root may only change together with the version in the hash', () => {
    const tree = buildTree([
      entry('gns', { kind: 'gns', name: 'a' }),
      entry('host/x.a.global', { kind: 'host', ports: [{ number: 80 }] }),
    ]);
    expect(tree.root).toBe('f8d119f9b447d1e27d83090c484d7d339baddf92a9a8d07b8f99815f75620506');
  });

  it('reads as a map sorted by name', () => {
    const tree = buildTree([entry('b/2', { v: 1 }), entry('a/1', { v: 2 }), entry('b/10', { v: 3 })]);
    expect([...tree.entries.keys()]).toEqual(['a/1', 'b/10', 'b/2']);
    expect([...tree.entries].map(([, item]) => item.body)).toEqual(['{"v":2}', '{"v":3}', '{"v":1}']);
    const seen: string[] = [];
    tree.entries.forEach((item, name) => seen.push(`${name}=${item.body}`));
    expect(seen).toEqual(['a/1={"v":2}', 'b/10={"v":3}', 'b/2={"v":1}']);
    expect([...tree.entries.values()]).toHaveLength(tree.entries.size);
    expect(tree.entries.has('b/2')).toBe(true);
    expect(tree.entries.has('b/3')).toBe(false);
    expect(tree.entries.get('c/1')).toBeUndefined();
  });

  it('has the same root whatever the order of its entries', () => {
    fc.assert(
      fc.property(
        entries.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([a, b]) => {
          expect(treeOf(a).root).toBe(treeOf(b).root);
        },
      ),
    );
  });

  it('has another root if a body, a name or a place differs', () => {
    fc.assert(
      fc.property(entries, entries, (a, b) => {
        const same = JSON.stringify([...treeOf(a).entries]) === JSON.stringify([...treeOf(b).entries]);
        expect(treeOf(a).root === treeOf(b).root).toBe(same);
      }),
    );
  });

  it('updated in steps equals the tree built at once', () => {
    fc.assert(
      fc.property(entries, fc.array(fc.tuple(entries, fc.array(names))), (start, steps) => {
        let tree = treeOf(start);
        const model = new Map(start.map((item) => [item.name, item]));
        for (const [put, remove] of steps) {
          tree = updateTree(tree, { put, remove });
          for (const name of remove) model.delete(name);
          for (const item of put) model.set(item.name, item);
        }
        expect(tree.root).toBe(treeOf([...model.values()]).root);
        expect(tree.entries.size).toBe(model.size);
      }),
    );
  });
});

describe('a delta', () => {
  it('is refused on another base', () => {
    const delta = diffTrees(treeOf([entry('a/1', { v: 1 })]), EMPTY_TREE);
    expect(applyDelta(EMPTY_TREE, delta)).toMatchObject({ ok: false, fault: { reason: 'WRONG_BASE' } });
  });

  it('is refused if any received body was tampered with', () => {
    fc.assert(
      fc.property(entries, entries, fc.nat(), (a, b, pick) => {
        const [from, to] = [treeOf(a), treeOf(b)];
        const delta = diffTrees(from, to);
        fc.pre(delta.put.length > 0);
        const at = pick % delta.put.length;
        const put = delta.put.map((item, i) => (i === at ? { ...item, body: `${item.body} ` } : item));
        expect(applyDelta(from, { ...delta, put })).toMatchObject({ ok: false, fault: { reason: 'BODY_HASH' } });
        const forged = put.map((item) => ({ ...item, hash: hashNode('entry', item.body) }));
        expect(applyDelta(from, { ...delta, put: forged })).toMatchObject({
          ok: false,
          fault: { reason: 'WRONG_ROOT' },
        });
        const less = delta.put.filter((_, i) => i !== at);
        expect(applyDelta(from, { ...delta, put: less })).toMatchObject({ ok: false, fault: { reason: 'WRONG_ROOT' } });
      }),
    );
  });

  it('is refused if it names an entry twice, badly, or puts what it removes', () => {
    const item = entry('a/1', { v: 1 });
    const to = treeOf([item]).root;
    const base = { from: EMPTY_ROOT, to, remove: [] };
    expect(applyDelta(EMPTY_TREE, { ...base, put: [item, item] })).toMatchObject({
      fault: { reason: 'DUPLICATE_NAME' },
    });
    expect(applyDelta(EMPTY_TREE, { ...base, put: [{ ...item, name: 'a 1' }] })).toMatchObject({
      fault: { reason: 'BAD_NAME' },
    });
    expect(applyDelta(EMPTY_TREE, { ...base, put: [item], remove: ['a/1'] })).toMatchObject({
      fault: { reason: 'DUPLICATE_NAME' },
    });
    expect(verifyTree([{ ...item, body: '"\ud800"' }], to)).toMatchObject({ fault: { reason: 'BODY_HASH' } });
    expect(verifyTree([item], EMPTY_ROOT)).toMatchObject({ fault: { reason: 'WRONG_ROOT' } });
    expect(verifyTree([item], to)).toMatchObject({ ok: true, tree: { root: to } });
  });

  it('applied to its base gives its target, and holds nothing that both have', () => {
    fc.assert(
      fc.property(entries, entries, (a, b) => {
        const [from, to] = [treeOf(a), treeOf(b)];
        const delta = diffTrees(from, to);
        const result = applyDelta(from, delta);
        expect(result).toMatchObject({ ok: true, tree: { root: to.root } });
        for (const item of delta.put) expect(from.entries.get(item.name)?.hash).not.toBe(item.hash);
        for (const name of delta.remove) expect(to.entries.has(name)).toBe(false);
      }),
    );
  });

  it('also applies to a plain tree without nodes', () => {
    const plain: Tree = {
      root: treeOf([entry('a/1', { v: 1 })]).root,
      entries: new Map([['a/1', entry('a/1', { v: 1 })]]),
    };
    expect(applyDelta(plain, diffTrees(plain, EMPTY_TREE))).toMatchObject({ ok: true, tree: { root: EMPTY_ROOT } });
  });
});

describe('nodes of a tree', () => {
  const stored = (tree: Tree): Map<string, string> =>
    new Map([...treeNodes(tree)].map((node) => [node.hash, node.text]));

  it('read back tell what is missing and what is damaged', async () => {
    const tree = treeOf([entry('a/1', { v: 1 }), entry('a/2', { v: 2 })]);
    const first = tree.entries.get('a/1')?.hash ?? '';
    const lost = stored(tree);
    lost.delete(first);
    expect(await readTree(tree.root, () => Promise.resolve(lost))).toEqual({
      ok: false,
      missing: [first],
      damaged: [],
    });
    expect(await readTree(EMPTY_ROOT, () => Promise.resolve(new Map()))).toEqual({
      ok: false,
      missing: [EMPTY_ROOT],
      damaged: [],
    });
    const bad = stored(tree).set(first, '{"v":3}');
    expect(await readTree(tree.root, () => Promise.resolve(bad))).toEqual({ ok: false, missing: [], damaged: [first] });
  });

  it('hash to their names and read back as the same tree', async () => {
    await fc.assert(
      fc.asyncProperty(entries, async (list) => {
        const tree = treeOf(list);
        for (const node of treeNodes(tree)) expect(hashNode(node.kind, node.text)).toBe(node.hash);
        const nodes = stored(tree);
        expect(await readTree(tree.root, () => Promise.resolve(nodes))).toMatchObject({
          ok: true,
          tree: { root: tree.root },
        });
      }),
    );
  });

  it('written step by step suffice to read every tree on the way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entries, { minLength: 1, maxLength: 5 }), async (steps) => {
        const nodes = new Map<string, string>();
        let known: Tree | undefined;
        for (const step of steps) {
          const tree = treeOf(step);
          for (const node of changedNodes(known, tree)) nodes.set(node.hash, node.text);
          known = tree;
          expect(await readTree(tree.root, () => Promise.resolve(nodes))).toMatchObject({ ok: true });
        }
      }),
    );
  });

  it('of one changed entry are one path: entry, unit, bucket, root', () => {
    const many = Array.from({ length: 2000 }, (_, i) => entry(`host/h${i}.x.global`, { v: i }));
    const before = treeOf(many);
    const after = updateTree(before, { put: [entry('host/h7.x.global', { v: -7 })] });
    expect([...changedNodes(before, after)].map((node) => node.kind)).toEqual(['entry', 'unit', 'bucket', 'root']);
    expect([...changedNodes(after, after)]).toEqual([]);
  });
});

describe('the unit of an entry', () => {
  it('is its host, cluster, group, or the global namespace', () => {
    expect(unitOf('host/h.x.global/member/east/ns/svc')).toBe('host/h.x.global');
    expect(unitOf('host/h.x.global')).toBe('host/h.x.global');
    expect(unitOf('cluster/east')).toBe('cluster/east');
    expect(unitOf('group/abc/east')).toBe('group/abc');
    expect(unitOf('gns')).toBe('gns');
    expect(unitOf('gns/slo/default/fast')).toBe('gns');
    expect(hostOf('host/h.x.global/slo/p/n')).toBe('h.x.global');
    expect(hostOf('gns/slo/p/n')).toBeUndefined();
  });
});
