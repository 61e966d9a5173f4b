import { describe, expect, it } from 'vitest';
import type { InventoryReading } from '../cluster/cluster-port.js';
import { packInventory } from '../cluster/packed-inventory.js';
import { agentIssue } from '../report/agent-issue.js';
import { InventoryChain } from './inventory-chain.js';
import type { InventoryFrame } from './inventory-chain.js';

type Labels = Record<string, string>;

function reading(
  names: readonly string[],
  more: Partial<InventoryReading> = {},
  labelsOf: (name: string) => Labels = () => ({}),
): InventoryReading {
  const namespaces = names.map((name) => ({
    ...{ name, labels: labelsOf(name), readable: true, services: [], workloads: [] },
  }));
  const inventory = packInventory({ mesh: {}, gateways: [], namespaces });
  return { inventory, complete: true, unreadable: [], issues: [], ...more };
}
const all = (chain: InventoryChain): InventoryFrame[] => {
  const frames: InventoryFrame[] = [];
  for (let frame = chain.next(); frame !== undefined; frame = chain.next()) frames.push(frame);
  return frames;
};
const put = (frames: InventoryFrame[]): string[] => frames.flatMap((frame) => frame.put.map(({ name }) => name));

describe('the inventory chain', () => {
  it('says no deletion and no completeness on a partial reading', () => {
    const chain = new InventoryChain('b');
    chain.observe(reading(['a', 'b']));
    all(chain);
    expect(chain.observe(reading(['a'], { complete: false }))).toBe(true);
    expect(all(chain)).toMatchObject([{ remove: [], complete: false }]);
    expect(chain.position()).toBeUndefined();
    expect(chain.observe(reading(['a']))).toBe(true);
    expect(all(chain)).toMatchObject([{ remove: ['namespace/b'], complete: true }]);
  });

  it('tells once what could not be read, and once that everything can be again', () => {
    const chain = new InventoryChain('b');
    const broken = agentIssue('ISM0411', { path: '', message: 'a.yaml: no' });
    chain.observe(reading(['a'], { complete: false, issues: [broken] }));
    expect(all(chain)).toMatchObject([{ complete: false, issues: [broken] }]);
    expect(chain.observe(reading(['a'], { complete: false, issues: [broken] }))).toBe(false);
    expect(chain.observe(reading(['a'], { issues: [{ ...broken, severity: 'INFO' }] }))).toBe(true);
    const [frame, ...more] = all(chain);
    expect([frame?.complete, frame?.issues, frame?.put, more]).toEqual([true, undefined, [], []]);
  });

  it('names a namespace whose text has no canonical form as unreadable, and is not complete', () => {
    const chain = new InventoryChain('b');
    chain.observe(reading(['a', 'b'], {}, (name): Labels => (name === 'a' ? { x: '\ud800' } : {})));
    expect(all(chain).at(-1)).toMatchObject({ complete: false, unreadable: ['a'] });
  });

  it('cuts a large inventory into frames of which only the last is complete', () => {
    const chain = new InventoryChain('b');
    const names = Array.from({ length: 8 }, (_, index) => `n${String(index)}`);
    chain.observe(reading(names, {}, () => ({ pad: 'x'.repeat(100_000) })));
    const frames = all(chain);
    expect(frames.length).toBeGreaterThan(2);
    expect(frames.map(({ complete }) => complete)).toEqual([...frames.slice(1).map(() => false), true]);
    expect(frames.map(({ prevSeq }) => prevSeq)).toEqual([0, ...frames.slice(1).map(({ seq }) => seq - 1)]);
    expect(put(frames)).toHaveLength(9);
  });

  it('begins anew from nothing on request, and goes on with later numbers', () => {
    const chain = new InventoryChain('b');
    chain.observe(reading(['a']));
    all(chain);
    chain.restart();
    expect(all(chain)).toMatchObject([{ seq: 2, prevSeq: 0, complete: true }]);
  });

  it('goes on from the root that it announced, even if the view moved on meanwhile', () => {
    const chain = new InventoryChain('b');
    chain.observe(reading(['a']));
    const announced = chain.position();
    chain.observe(reading(['a', 'b']));
    chain.resume();
    const frames = all(chain);
    expect(put(frames)).toEqual(['namespace/b']);
    expect(frames[0]?.prevSeq).toBe(announced?.seq);
    expect(frames[0]?.prevSeq).toBeGreaterThan(0);
  });

  it('has nothing to say when nothing changed, and says an empty cluster once', () => {
    const chain = new InventoryChain('b');
    chain.observe(reading([]));
    expect(all(chain)).toMatchObject([{ complete: true }]);
    expect(chain.observe(reading([]))).toBe(false);
  });
});
