import { EMPTY_TREE, buildTree, updateTree } from '@isthmus/domain';
import type { InventoryNamespace, TreeEntry } from '@isthmus/domain';
import { encodeFacts, encodeNamespace, namespaceEntryName } from '@isthmus/protocol';
import type { AgentMessageOf } from '@isthmus/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { InventoryIntake } from './inventory-intake.js';
import type { IntakeResult, StoredInventory } from './inventory-intake.js';

type Frame = AgentMessageOf<'inventory'>;

function namespace(name: string, ...services: string[]): InventoryNamespace {
  const list = [...services].sort().map((service) => ({
    name: service,
    labels: {},
    type: 'ClusterIP' as const,
    headless: false,
    selector: { app: service },
    ports: [{ number: 80, protocol: 'TCP' as const, targetPort: 80 }],
  }));
  return { name, labels: {}, readable: true, services: list, workloads: [] };
}
const entryOf = (value: InventoryNamespace): TreeEntry => encodeNamespace(value) ?? { name: '', hash: '', body: '' };
const facts = { mesh: {}, gateways: [] };
const stored = (...all: InventoryNamespace[]): StoredInventory => ({
  facts,
  namespaces: new Map(all.map((item) => [item.name, item])),
  issues: [],
});

/** Frames of one chain, as an agent makes them. */
class Chain {
  #tree = EMPTY_TREE;
  #seq = 0;
  frame(put: InventoryNamespace[], more: Partial<Frame> = {}): Frame {
    const entries = [...(this.#seq === 0 ? [encodeFacts(facts)] : []), ...put.map(entryOf)].filter(
      (item) => item !== undefined,
    );
    this.#tree = updateTree(this.#tree, { put: entries, remove: more.remove ?? [] });
    this.#seq += 1;
    return {
      type: 'inventory',
      bootId: 'b',
      seq: this.#seq,
      prevSeq: this.#seq - 1,
      root: this.#tree.root,
      complete: true,
      put: entries,
      remove: [],
      unreadable: [],
      ...more,
    };
  }
}

const many = (count: number, prefix = 's'): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index)}`);
const update = (result: IntakeResult): { put: string[]; remove: string[]; complete: boolean } => {
  if (result.kind !== 'write') throw new Error(`resync: ${result.reason}`);
  return {
    put: result.update.put.map((item) => item.namespace),
    remove: result.update.remove,
    complete: result.update.complete,
  };
};

describe('inventory intake', () => {
  let chain: Chain;
  let intake: InventoryIntake;
  let allowed: boolean;
  const start = (...all: InventoryNamespace[]): void => {
    intake = new InventoryIntake(stored(...all), () => allowed, 'b');
  };
  beforeEach(() => {
    chain = new Chain();
    allowed = true;
    start(namespace('shop', 'reviews', 'ratings'), namespace('bank', 'ledger'));
  });

  it('asks for everything again when a frame is missing, is of another boot, or does not hash to what it says', () => {
    const first = chain.frame([namespace('shop', 'reviews')], { complete: false });
    chain.frame([namespace('bank', 'ledger')]);
    const third = chain.frame([namespace('more', 'x')]);
    intake.take(first);
    expect(intake.take(third)).toMatchObject({ kind: 'resync' });
    expect(intake.take({ ...first, bootId: 'other' })).toMatchObject({ kind: 'resync' });
    expect(intake.take({ ...first, root: 'f'.repeat(64) })).toMatchObject({ kind: 'resync' });
    const [facts0, shop] = first.put;
    expect(intake.take({ ...first, put: [facts0, { ...shop, body: '{}' }] as TreeEntry[] })).toMatchObject({
      kind: 'resync',
    });
    expect(intake.take({ ...first, prevSeq: 7 })).toMatchObject({ kind: 'resync' });
  });

  it('refuses an entry whose body is of another namespace than its name', () => {
    const item = { ...entryOf(namespace('bank')), name: namespaceEntryName('shop') };
    const frame: Frame = {
      type: 'inventory',
      bootId: 'b',
      seq: 1,
      prevSeq: 0,
      root: buildTree([item]).root,
      complete: true,
      put: [item],
      remove: [],
      unreadable: [],
    };
    expect(intake.take(frame)).toMatchObject({ kind: 'resync' });
  });

  it('deletes nothing on a view that is not complete, neither namespaces nor services in them', () => {
    const result = intake.take(chain.frame([namespace('shop', 'reviews')], { complete: false }));
    expect(update(result)).toEqual({ put: [], remove: [], complete: false });
  });

  it('adds and updates on a view that is not complete', () => {
    const result = intake.take(
      chain.frame([namespace('shop', 'details'), namespace('more', 'x')], { complete: false }),
    );
    expect(update(result)).toEqual({ put: ['shop', 'more'], remove: [], complete: false });
    if (result.kind !== 'write') throw new Error('no write');
    const shop = JSON.parse(result.update.put[0]?.body ?? '') as InventoryNamespace;
    expect(shop.services.map(({ name }) => name)).toEqual(['details', 'ratings', 'reviews']);
  });

  it('deletes what a complete view lacks', () => {
    const result = intake.take(chain.frame([namespace('shop', 'reviews')]));
    expect(update(result)).toEqual({ put: ['shop'], remove: ['bank'], complete: true });
  });

  it('keeps a namespace that could not be listed, and marks it', () => {
    const result = intake.take(chain.frame([namespace('shop', 'reviews', 'ratings')], { unreadable: ['bank'] }));
    expect(update(result)).toEqual({ put: ['bank'], remove: [], complete: true });
    expect(result).toMatchObject({ update: { put: [{ namespace: 'bank', readable: false }] } });
  });

  it('holds mass deletion, keeps all of it in place, and lets exactly the approved set go', () => {
    start(namespace('shop', ...many(60)));
    allowed = false;
    const held = intake.take(chain.frame([namespace('shop', ...many(60).slice(0, 5), 'new')]));
    if (held.kind !== 'write' || !held.held) throw new Error('nothing is held');
    expect(held.held.items).toHaveLength(55);
    const kept = JSON.parse(held.update.put[0]?.body ?? '') as InventoryNamespace;
    expect(kept.services).toHaveLength(61);
    expect(intake.again('f'.repeat(64))).toMatchObject({ held: { setHash: held.held.setHash } });
    const done = intake.again(held.held.setHash);
    expect(done).toMatchObject({ kind: 'write', held: undefined });
    const left =
      done?.kind === 'write' ? (JSON.parse(done.update.put[0]?.body ?? '') as InventoryNamespace) : undefined;
    expect(left?.services).toHaveLength(6);
  });

  it('counts losing all ports or the selector as deletion', () => {
    allowed = false;
    const gutted = namespace('shop', 'reviews', 'ratings');
    gutted.services = gutted.services.map((service, index) =>
      index === 0 ? { ...service, ports: [] } : { ...service, selector: {} },
    );
    expect(intake.take(chain.frame([gutted, namespace('bank', 'ledger')]))).toMatchObject({
      held: { items: ['service/shop/ratings', 'service/shop/reviews'] },
    });
  });

  it('goes on from an announced root, and follows explicit removals in the chain', () => {
    const shop = namespace('shop', 'reviews');
    start(shop, namespace('bank', 'ledger'));
    const first = chain.frame([shop, namespace('bank', 'ledger')]);
    expect(intake.isCurrent(first.root)).toBe(true);
    intake.resume(1);
    const result = intake.take(chain.frame([], { remove: [namespaceEntryName('bank')] }));
    expect(update(result)).toEqual({ put: [], remove: ['bank'], complete: true });
  });

  it('keeps what could not be read until the agent says otherwise, and asks for everything while there is some', () => {
    const shop = namespace('shop', 'reviews');
    start(shop);
    const broken = { code: 'ISM0411', severity: 'ERROR', path: '', message: 'a.yaml: no' } as const;
    const frame = chain.frame([shop], { complete: false, issues: [broken] });
    expect(intake.take(frame)).toMatchObject({ update: { complete: false, issues: [broken] } });
    expect(intake.isCurrent(frame.root)).toBe(false);
    const next = chain.frame([]);
    expect(intake.take(next)).toMatchObject({ update: { complete: true, issues: [] } });
    expect(intake.isCurrent(next.root)).toBe(true);
  });

  it('writes nothing anew when the whole view comes again', () => {
    const first = intake.take(chain.frame([namespace('shop', 'reviews', 'ratings'), namespace('bank', 'ledger')]));
    expect(update(first)).toEqual({ put: [], remove: [], complete: true });
  });

  describe('of what users configured in the mesh', () => {
    const configured = (...names: string[]): InventoryNamespace => ({
      ...namespace('shop', 'reviews'),
      ...(names.length === 0
        ? {}
        : { meshConfig: { objects: names.map((name) => ({ kind: 'Gateway', name, selector: { app: name } })) } }),
    });
    const written = (result: IntakeResult): string[] => {
      if (result.kind !== 'write') throw new Error(`resync: ${result.reason}`);
      const { meshConfig } = JSON.parse(result.update.put[0]?.body ?? '{}') as InventoryNamespace;
      return (meshConfig?.objects ?? []).map(({ name }) => name);
    };

    it('adds to it on a view that is not complete, and takes nothing away', () => {
      start(configured('a', 'b'));
      expect(written(intake.take(chain.frame([configured('b', 'c')], { complete: false })))).toEqual(['a', 'b', 'c']);
      start(configured('a'));
      expect(update(intake.take(new Chain().frame([configured()], { complete: false }))).put).toEqual([]);
    });

    it('takes away what a complete view lacks, without asking anybody: nobody is served by it', () => {
      allowed = false;
      start(configured('a', 'b'));
      expect(written(intake.take(chain.frame([configured('b')])))).toEqual(['b']);
    });

    it('has the root that the agent announces', () => {
      start(configured('a'));
      expect(intake.isCurrent(chain.frame([configured('a')]).root)).toBe(true);
      expect(intake.isCurrent(new Chain().frame([configured('b')]).root)).toBe(false);
    });
  });
});
