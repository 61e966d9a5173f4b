import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterInventory, InventoryNamespace } from '../inventory/types.js';
import type { GlobalNamespaceSpec } from '../resources/types.js';
import { EMPTY_TREE } from '../tree/build.js';
import { compileCatalog, prepareCatalog } from './catalog.js';
import { CatalogMemo } from './catalog-memo.js';
import type { CatalogInput, PortContractRow } from './catalog-input.js';
import {
  bodies,
  catalogInput,
  cluster,
  globalNamespace,
  inventory,
  namespace,
  service,
  servicePort,
} from './compile.fixture.js';
import { memberEntryName } from './member-key.js';
import { nextMemberStates, type ClusterAck, type MemberRow } from './member-states.js';

const CLUSTERS = ['east', 'west', 'onprem'];

const serviceArb = fc
  .tuple(
    fc.constantFrom('a', 'b', 'c', 'd'),
    fc.constantFrom('http', 'grpc', 'tcp'),
    fc.constantFrom(80, 81),
    fc.boolean(),
  )
  .map(([name, protocol, number, tier]) =>
    service(name, { labels: tier ? { tier: 'app' } : {}, ports: [servicePort(number, { name: `${protocol}-x` })] }),
  );

const namespaceArb = fc
  .tuple(
    fc.constantFrom('shop', 'side'),
    fc.uniqueArray(serviceArb, { selector: ({ name }) => name, maxLength: 4 }),
    fc.integer({ min: 0, max: 5 }),
  )
  .map(([name, services, readable]) => namespace(name, services, { readable: readable > 0 }));

const inventoryArb = fc
  .uniqueArray(namespaceArb, { selector: ({ name }) => name, maxLength: 2 })
  .map((namespaces): ClusterInventory => inventory(...namespaces));

const gnsArb = fc
  .constantFrom<Partial<GlobalNamespaceSpec>>(
    { members: [{ namespaces: { names: ['shop'] } }] },
    { members: [{}] },
    { members: [{ services: { matchLabels: { tier: 'app' } } }], exclude: [{ clusters: { names: ['west'] } }] },
    { members: [{}], hostTemplate: '{service}.{namespace}.{domain}' },
    { members: [{ namespaces: { names: ['shop', 'side'] } }], vipCIDR: '240.64.0.0/29' },
  )
  .map((spec) => globalNamespace(spec));

/** One change of the world between two compiles; undefined inventory = the cluster is not heard of. */
const stepArb = fc.record({
  gns: fc.option(gnsArb, { nil: undefined, freq: 3 }),
  cluster: fc.constantFrom(...CLUSTERS),
  inventory: fc.option(inventoryArb, { nil: undefined, freq: 4 }),
  acked: fc.subarray(CLUSTERS),
  labelKeys: fc.option(fc.constantFrom<string[]>([], ['tier'], ['team', 'tier']), { nil: undefined, freq: 3 }),
  claimed: fc.subarray(['east/shop/a', 'west/shop/b', 'west/side/b', 'onprem/shop/c'], { maxLength: 2 }),
  wait: fc.constantFrom(0, 60_000),
});

interface World {
  input: CatalogInput;
  rows: MemberRow[];
  seq: number;
  now: number;
  acks: Map<string, ClusterAck>;
}

function record(world: World, memo: CatalogMemo | undefined): World {
  const prepared = prepareCatalog({ ...world.input, memberStates: world.rows }, memo);
  const { transitions, states } = nextMemberStates({
    rows: world.rows,
    desired: prepared.desiredMembers,
    leaving: prepared.leavingMembers,
    acks: world.acks,
    clients: CLUSTERS,
    nextSeq: world.seq + 1,
    now: world.now,
  });
  const rows = new Map(world.rows.map((row) => [memberEntryName(row), row]));
  for (const { to, from: _from, ...step } of transitions) {
    if (to === 'gone') rows.delete(memberEntryName(step));
    else rows.set(memberEntryName(step), { ...step, state: to });
  }
  const kept = world.input.portContracts.filter((row: PortContractRow) => !prepared.refixedHosts.includes(row.host));
  const tree = prepared.write(states);
  const input: CatalogInput = {
    ...world.input,
    previous: tree,
    vips: [...world.input.vips, ...prepared.newVips],
    portContracts: [...kept, ...prepared.newPortContracts],
  };
  const seq = tree.root === world.input.previous?.root ? world.seq : world.seq + 1;
  return { ...world, input, rows: [...rows.values()], seq };
}

function changed(
  world: World,
  step: {
    gns: CatalogInput['gns'] | undefined;
    cluster: string;
    inventory: ClusterInventory | undefined;
    acked: string[];
    labelKeys: string[] | undefined;
    claimed: string[];
    wait: number;
  },
): World {
  const inventories = new Map(world.input.inventories);
  if (step.inventory === undefined) inventories.delete(step.cluster);
  else inventories.set(step.cluster, step.inventory);
  const acks = new Map(world.acks);
  for (const name of step.acked) acks.set(name, { catalogSeq: world.seq, hasPolicy: true });
  return {
    ...world,
    acks,
    now: world.now + step.wait,
    input: {
      ...world.input,
      inventories,
      gns: step.gns ?? world.input.gns,
      labelKeys: step.labelKeys ?? world.input.labelKeys,
      claims: new Map(step.claimed.map((key) => [key, 'other/home'])),
    },
  };
}

const start: World = {
  input: catalogInput({}, { clusters: CLUSTERS.map((name) => cluster(name)), previous: EMPTY_TREE }),
  rows: [],
  seq: 0,
  now: 0,
  acks: new Map(),
};

describe('a catalog over any history', { timeout: 60_000 }, () => {
  it('compiled incrementally equals the full compile, in tree and findings', () => {
    fc.assert(
      fc.property(fc.array(stepArb, { minLength: 1, maxLength: 12 }), (steps) => {
        const memo = new CatalogMemo();
        let world = start;
        for (const step of steps) {
          world = changed(world, step);
          const full = compileCatalog({ ...world.input, memberStates: world.rows });
          const incremental = compileCatalog({ ...world.input, memberStates: world.rows }, memo);
          expect({ ...incremental, tree: incremental.tree.root }).toEqual({ ...full, tree: full.tree.root });
          const next = record(world, memo);
          expect(next.input.previous?.root).toBe(record(world, undefined).input.previous?.root);
          world = next;
        }
      }),
      { numRuns: 25 },
    );
  });

  it('settles: compiled again without a change it is the same, and records nothing new', () => {
    fc.assert(
      fc.property(fc.array(stepArb, { minLength: 1, maxLength: 6 }), (steps) => {
        let world = start;
        for (const step of steps) world = record(changed(world, step), undefined);
        world = record(world, undefined);
        const again = prepareCatalog({ ...world.input, memberStates: world.rows });
        expect([again.newVips, again.newPortContracts, again.refixedHosts]).toEqual([[], [], []]);
        expect(record(world, undefined).seq).toBe(world.seq);
      }),
      { numRuns: 40 },
    );
  });

  it('does not depend on the order of clusters, namespaces, services and rows', () => {
    fc.assert(
      fc.property(fc.array(stepArb, { minLength: 1, maxLength: 5 }), (steps) => {
        let world = start;
        for (const step of steps) world = record(changed(world, step), undefined);
        const input = { ...world.input, memberStates: world.rows };
        const flipped = (item: InventoryNamespace): InventoryNamespace => ({
          ...item,
          services: [...item.services].reverse(),
          workloads: [...item.workloads].reverse(),
        });
        const inventories = new Map(
          [...input.inventories]
            .reverse()
            .map(([name, item]) => [name, { ...item, namespaces: [...item.namespaces].reverse().map(flipped) }]),
        );
        const other = compileCatalog({
          ...input,
          inventories,
          clusters: [...input.clusters].reverse(),
          vips: [...input.vips].reverse(),
          portContracts: [...input.portContracts].reverse(),
          memberStates: [...input.memberStates].reverse(),
        });
        const same = compileCatalog(input);
        expect(bodies(other.tree)).toEqual(bodies(same.tree));
        expect(other.issues).toEqual(same.issues);
      }),
      { numRuns: 40 },
    );
  });

  it('never loses a member of a cluster that cannot be seen, and never moves an address', () => {
    fc.assert(
      fc.property(fc.array(stepArb, { minLength: 1, maxLength: 10 }), (steps) => {
        let world = start;
        for (const step of steps) {
          const before = world;
          world = record(changed(world, { ...step, gns: undefined }), undefined);
          const unseen = before.rows.filter((row) => {
            const known = world.input.inventories.get(row.cluster);
            return (
              known === undefined || known.namespaces.some(({ name, readable }) => name === row.namespace && !readable)
            );
          });
          for (const row of unseen.filter(({ state }) => state !== 'draining')) {
            expect(world.input.previous?.entries.has(memberEntryName(row))).toBe(true);
          }
          for (const { host, address } of before.input.vips) {
            expect(world.input.vips.filter((vip) => vip.host === host || vip.address === address)).toEqual([
              { host, address },
            ]);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('shows a member as served only after its owner acknowledged a catalog that had it', () => {
    fc.assert(
      fc.property(fc.array(stepArb, { minLength: 1, maxLength: 10 }), (steps) => {
        let world = start;
        for (const step of steps) {
          const before = world;
          world = record(changed(world, step), undefined);
          const known = new Map(before.rows.map((row) => [memberEntryName(row), row]));
          for (const row of world.rows.filter(({ state }) => state === 'served')) {
            const old = known.get(memberEntryName(row));
            expect(old).toBeDefined();
            if (old?.state === 'served') continue;
            expect(old?.state).toBe('wanted');
            expect(world.acks.get(row.cluster)?.catalogSeq).toBeGreaterThanOrEqual(old?.enteredSeq ?? Infinity);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
