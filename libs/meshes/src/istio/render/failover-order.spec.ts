import type { BlockEntry, FeatureOf, MemberEntry } from '@isthmus/domain';
import { HostPolicies } from '@isthmus/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failoverOrder } from './failover-order.js';
import type { HostScene } from './host-members.js';

const CLUSTERS = ['a1', 'a2', 'b1', 'b2', 'c1'];
const placeOf = (name: string) => ({ name, locality: `${name.slice(0, 1)}/zone-${name}` });

type Failover = Omit<FeatureOf<'failover'>, 'kind'>;
interface World {
  failover?: Failover;
  self?: string;
  members?: string[];
  cordoned?: string[];
  selfLocality?: string | undefined;
}

function sceneOf(world: World): HostScene {
  const { failover = {}, self = 'a1', members = CLUSTERS, cordoned = [] } = world;
  const block: BlockEntry = {
    kind: 'block',
    scope: 'PROJECT',
    policy: { kind: 'FailoverPolicy', project: 'default', name: 'p' },
    feature: { kind: 'failover', ...failover },
  };
  const locality = 'selfLocality' in world ? world.selfLocality : placeOf(self).locality;
  return {
    scene: { self: { name: self, ...(locality === undefined ? {} : { locality }) } },
    ...(members.includes(self) ? { callable: { cluster: self } as MemberEntry } : {}),
    remotes: members.filter((name) => name !== self).map((name) => ({ cluster: placeOf(name) })),
    cordoned: new Set(cordoned),
    policies: new HostPolicies({ blocks: [block] }, {}),
  } as unknown as HostScene;
}

interface Setting {
  failoverPriority?: string[];
  distribute?: { from: string; to: Record<string, number> }[];
}

/** Istio's rule: an endpoint's priority is decided by the first label that does not match; a client has none of them. */
function priorities(world: World): Map<string, number> {
  const scene = sceneOf(world);
  const order = failoverOrder(scene);
  const { failoverPriority = [] } = order.localityLbSetting as Setting;
  const labels = failoverPriority.map((text) => text.split('='));
  const rank = (has: Record<string, string>) => {
    const miss = labels.findIndex(([key = '', wanted = '']) => (has[key] ?? '') !== wanted);
    return miss < 0 ? 0 : labels.length - miss;
  };
  const found = new Map(scene.remotes.map(({ cluster }) => [cluster.name, rank(order.labels(cluster))]));
  return scene.callable === undefined ? found : found.set(scene.callable.cluster, rank({}));
}

/** Clusters in tiers, best first. */
function tiersOf(world: World): string[][] {
  const found = priorities(world);
  const ranks = [...new Set(found.values())].sort((a, b) => a - b);
  return ranks.map((rank) =>
    [...found]
      .filter(([, one]) => one === rank)
      .map(([name]) => name)
      .sort(),
  );
}

const settingOf = (world: World) => failoverOrder(sceneOf(world)).localityLbSetting as Setting;

describe('order of clusters', () => {
  it('is the own one, its region, the rest without a policy', () => {
    expect(tiersOf({})).toEqual([['a1'], ['a2'], ['b1', 'b2', 'c1']]);
    expect(tiersOf({ self: 'c1' })).toEqual([['c1'], ['a1', 'a2', 'b1', 'b2']]);
  });

  it('counts an unknown region as another one', () => {
    expect(tiersOf({ selfLocality: undefined })).toEqual([['a1'], ['a2', 'b1', 'b2', 'c1']]);
  });

  it('puts cordoned clusters last, the own one too', () => {
    expect(tiersOf({ cordoned: ['a2'] })).toEqual([['a1'], ['b1', 'b2', 'c1'], ['a2']]);
    expect(tiersOf({ cordoned: ['a1', 'b1'] })).toEqual([['a2'], ['b2', 'c1'], ['a1', 'b1']]);
  });

  it('follows tiers, by name before region, and puts last what none names', () => {
    const failover: Failover = { mode: 'ORDERED', tiers: [{ regions: ['b'] }, { clusters: ['a1', 'b2'] }] };
    expect(tiersOf({ failover })).toEqual([['b1'], ['a1', 'b2'], ['a2', 'c1']]);
    expect(tiersOf({ failover, cordoned: ['b1'] })).toEqual([['a1', 'b2'], ['a2', 'c1'], ['b1']]);
  });

  it('is the same seen from every cluster, whatever the tiers', () => {
    const tiers = fc
      .array(fc.integer({ min: 0, max: 4 }), { minLength: CLUSTERS.length, maxLength: CLUSTERS.length })
      .map((places) => [0, 1, 2, 3].map((place) => CLUSTERS.filter((_, index) => places[index] === place)));
    fc.assert(
      fc.property(tiers, fc.subarray(CLUSTERS), fc.constantFrom(...CLUSTERS, 'd1'), (some, cordoned, self) => {
        const open = (names: string[]) => names.filter((name) => !cordoned.includes(name));
        const rest = CLUSTERS.filter((name) => !some.flat().includes(name));
        const expected = [...some.map(open), open(rest), [...cordoned].sort()].filter((names) => names.length > 0);
        const failover: Failover = { mode: 'ORDERED', tiers: some.map((clusters) => ({ clusters })) };
        expect(tiersOf({ failover, cordoned, self })).toEqual(expected);
      }),
    );
  });
});

describe('shares of clusters', () => {
  it('go to localities that only one cluster has, and to the region of the own pods', () => {
    const { distribute, failoverPriority } = settingOf({ failover: { mode: 'ACTIVE_ACTIVE' } });
    expect(failoverPriority).toBeUndefined();
    expect(distribute).toEqual([
      {
        from: '*',
        to: {
          'a/*': 20,
          'a2.isthmus.dev/*': 20,
          'b1.isthmus.dev/*': 20,
          'b2.isthmus.dev/*': 20,
          'c1.isthmus.dev/*': 20,
        },
      },
    ]);
    const order = failoverOrder(sceneOf({ failover: { mode: 'ACTIVE_ACTIVE' } }));
    expect(order.locality({ name: 'b1', locality: 'b/zone/sub' })).toBe('b1.isthmus.dev/b/zone');
    expect(order.locality({ name: 'b1' })).toBe('b1.isthmus.dev/unknown/unknown');
  });

  it('are written as an order where a share would leave the others out of reach', () => {
    const alone: Failover = { mode: 'ACTIVE_ACTIVE', clusterWeights: [{ cluster: 'b1', share: 10_000 }] };
    expect(settingOf({ failover: alone }).distribute).toBeUndefined();
    expect(tiersOf({ failover: alone })).toEqual([['b1'], ['a1', 'a2', 'b2', 'c1']]);
  });

  it('are written as one tier where the own region is not known, unless the own cluster takes no part', () => {
    const failover: Failover = { mode: 'ACTIVE_ACTIVE' };
    expect(tiersOf({ failover, selfLocality: undefined })).toEqual([CLUSTERS]);
    expect(settingOf({ failover, selfLocality: undefined, self: 'd1' }).distribute).toBeDefined();
  });

  it('leave cordoned clusters out', () => {
    const failover: Failover = { mode: 'ACTIVE_ACTIVE' };
    const [one] = settingOf({ failover, cordoned: ['a1', 'b1', 'b2'] }).distribute ?? [];
    expect(one?.to).toEqual({ 'a2.isthmus.dev/*': 50, 'c1.isthmus.dev/*': 50 });
    expect(tiersOf({ failover, cordoned: ['a1', 'a2', 'b1', 'b2'] })).toEqual([['c1'], ['a1', 'a2', 'b1', 'b2']]);
  });
});
