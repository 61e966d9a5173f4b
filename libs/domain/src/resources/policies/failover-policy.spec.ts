import { describe, expect, it } from 'vitest';
import { failoverFeatures } from '../../compile/policies/failover.js';
import { parseResource } from '../parse-resource.js';
import { brief, documentOf } from '../resource.fixture.js';
import type { FailoverPolicy } from '../types.js';

const TARGETS = [{ globalNamespace: 'bookinfo' }];

const parse = (spec: object) => parseResource(documentOf('FailoverPolicy', { targets: TARGETS, ...spec }));
const faults = (spec: object) => brief(parse(spec).issues);
const featuresOf = (spec: object) => failoverFeatures((parse(spec).resource as FailoverPolicy).spec);

describe('a failover policy', () => {
  it('does not target a port', () => {
    const targets = [{ globalNamespace: 'bookinfo', service: 'reviews', port: 80 }];
    expect(faults({ targets })).toEqual(['ISM0871 spec.targets[0].port']);
    expect(faults({ targets: [{ globalNamespace: 'bookinfo', service: 'reviews' }] })).toEqual([]);
  });

  it('has tiers in mode ORDERED only, and there always', () => {
    expect(faults({ failover: { mode: 'ORDERED' } })).toEqual(['ISM0870 spec.failover.mode']);
    expect(faults({ failover: { tiers: [{ clusters: ['a'] }] } })).toEqual(['ISM0870 spec.failover.tiers']);
    expect(faults({ failover: { mode: 'ORDERED', tiers: [] } })).toContain('ISM0020 spec.failover.tiers');
    expect(faults({ failover: { mode: 'ORDERED', tiers: [{}] } })).toEqual(['ISM0870 spec.failover.tiers[0]']);
    expect(faults({ failover: { mode: 'ORDERED', tiers: [{ clusters: ['a'] }] } })).toEqual([]);
  });

  it('has weights in mode ACTIVE_ACTIVE only, never with tiers', () => {
    const clusterWeights = [{ cluster: 'a', percent: 100 }];
    expect(faults({ failover: { clusterWeights } })).toEqual(['ISM0870 spec.failover.clusterWeights']);
    expect(faults({ failover: { mode: 'ACTIVE_ACTIVE', clusterWeights, tiers: [{ clusters: ['b'] }] } })).toEqual([
      'ISM0870 spec.failover.tiers',
    ]);
    expect(faults({ failover: { mode: 'ACTIVE_ACTIVE', clusterWeights } })).toEqual([]);
  });

  it('has weights of 100 in sum, none of them 0', () => {
    const weights = (...percents: number[]) => ({
      failover: {
        mode: 'ACTIVE_ACTIVE',
        clusterWeights: percents.map((percent, index) => ({ cluster: `c${index}`, percent })),
      },
    });
    expect(faults(weights(50, 49))).toEqual(['ISM0873 spec.failover.clusterWeights']);
    expect(faults(weights(50, 51))).toEqual(['ISM0873 spec.failover.clusterWeights']);
    expect(faults(weights(100, 0))).toContain('ISM0016 spec.failover.clusterWeights[1].percent');
    expect(faults(weights(50, 50))).toEqual([]);
  });

  it('names a cluster and a region once', () => {
    const tiers = [
      { clusters: ['a'], regions: ['r'] },
      { clusters: ['b', 'a'], regions: ['r'] },
    ];
    expect(faults({ failover: { mode: 'ORDERED', tiers } })).toEqual([
      'ISM0872 spec.failover.tiers[1].clusters[1]',
      'ISM0872 spec.failover.tiers[1].regions[0]',
    ]);
    const clusterWeights = [
      { cluster: 'a', percent: 50 },
      { cluster: 'a', percent: 50 },
    ];
    expect(faults({ failover: { mode: 'ACTIVE_ACTIVE', clusterWeights } })).toContain(
      'ISM0872 spec.failover.clusterWeights[1].cluster',
    );
  });

  it('forces drains only', () => {
    expect(faults({ cordon: { clusters: ['a'], force: true } })).toEqual(['ISM0870 spec.cordon.force']);
    expect(faults({ cordon: { clusters: ['a'], mode: 'LAST_RESORT', force: true } })).toEqual([
      'ISM0870 spec.cordon.force',
    ]);
    expect(faults({ cordon: { clusters: ['a'], mode: 'DRAIN', force: true } })).toEqual([]);
    expect(faults({ cordon: { clusters: [] } })).toEqual(['ISM0020 spec.cordon.clusters']);
  });

  it('is lowered to a feature for each block, in base units and in order', () => {
    expect(featuresOf({})).toEqual([]);
    const clusterWeights = [
      { cluster: 'b', percent: 70 },
      { cluster: 'a', percent: 30 },
    ];
    const failover = {
      mode: 'ACTIVE_ACTIVE',
      clusterWeights,
      minHealthyPercent: 50,
      detection: 'SLOW',
      failbackAfter: '1m',
    };
    expect(featuresOf({ failover, cordon: { clusters: ['z', 'y'], mode: 'DRAIN', force: true } })).toEqual([
      {
        kind: 'failover',
        mode: 'ACTIVE_ACTIVE',
        clusterWeights: [
          { cluster: 'a', share: 3_000 },
          { cluster: 'b', share: 7_000 },
        ],
        minHealthy: 5_000,
        detection: 'SLOW',
        failbackMs: 60_000,
      },
      { kind: 'cordon', clusters: ['y', 'z'], drain: true, force: true },
    ]);
    expect(featuresOf({ cordon: { clusters: ['a'], mode: 'LAST_RESORT', force: false } })).toEqual([
      { kind: 'cordon', clusters: ['a'] },
    ]);
  });
});
