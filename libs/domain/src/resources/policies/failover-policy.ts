import * as z from 'zod';
import { ALWAYS, freeText, list, oneOf, report, whole } from '../schema/checked.js';
import { name } from '../schema/metadata.js';
import { duration, enforced, scopedTargets } from '../schema/policy-fields.js';
import { waysBy } from '../schema/variants.js';
import { FAILOVER_MODES, DETECTION_PROFILES } from './policy-words.js';

/** What a cordon does with the endpoints of a cluster. */
export const CORDON_MODES = ['LAST_RESORT', 'DRAIN'] as const;

const tier = z
  .strictObject({
    clusters: list(name('Name of a cluster.', 'Cluster'), {
      description: 'Clusters by name.',
      whenEmpty: 'ISM0020',
    }).optional(),
    regions: list(freeText(253, 'First part of the locality of clusters.'), {
      description: 'All clusters of these regions that no tier names.',
      whenEmpty: 'ISM0020',
    }).optional(),
  })
  .superRefine(({ clusters, regions }, context) => {
    if (clusters !== undefined || regions !== undefined) return;
    report(context, { code: 'ISM0870', message: 'a tier names clusters or regions' });
  }, ALWAYS)
  .meta({ description: 'Clusters that share traffic evenly, an endpoint as good as another.' });

const clusterWeight = z
  .strictObject({
    cluster: name('Name of a cluster.', 'Cluster'),
    percent: whole(1, 100, 'Its share of requests, while it has healthy endpoints.'),
  })
  .meta({ description: 'Share of one cluster.' });

const failover = z
  .strictObject({
    mode: oneOf(
      FAILOVER_MODES,
      'LOCAL_FIRST (default): the own cluster, then those of its region, then the rest. ORDERED: the tiers, the same for all callers. ACTIVE_ACTIVE: all clusters at once, evenly or by clusterWeights.',
    ).optional(),
    tiers: list(tier, {
      description: 'With ORDERED: who is used first, then next. What no tier names comes last.',
      whenEmpty: 'ISM0020',
    }).optional(),
    clusterWeights: list(clusterWeight, {
      description: 'With ACTIVE_ACTIVE: shares that add up to 100. A cluster that is not named gets nothing.',
      whenEmpty: 'ISM0020',
    }).optional(),
    minHealthyPercent: whole(
      1,
      100,
      'Traffic spills over to the next tier once fewer endpoints than this are healthy. Istio: fixed at 71.',
    ).optional(),
    detection: oneOf(
      DETECTION_PROFILES,
      'How soon an endpoint that fails is left alone, and for how long; default BALANCED.',
    ).optional(),
    failbackAfter: duration(
      'How long an endpoint that failed is left alone before it is tried again, each time longer; default by detection.',
      { first: 1_000, last: 3_600_000 },
    ).optional(),
  })
  .superRefine((block, context) => {
    for (const [message, path] of modeFaults(block)) report(context, { code: 'ISM0870', message }, [path]);
    for (const [message, path] of repeated(block)) report(context, { code: 'ISM0872', message }, path);
    const total = (block.clusterWeights ?? []).reduce((sum, { percent }) => sum + percent, 0);
    if (block.clusterWeights === undefined || total === 100) return;
    report(context, { code: 'ISM0873', message: `the weights add up to ${total}, not to 100` }, ['clusterWeights']);
  })
  .meta({
    description: 'Which clusters are used, and what happens when some fail.',
    ...waysBy('mode', {
      LOCAL_FIRST: { has: [] },
      ORDERED: { has: ['tiers'] },
      ACTIVE_ACTIVE: { has: [], may: ['clusterWeights'] },
    }),
  });

interface FailoverBlock {
  mode?: (typeof FAILOVER_MODES)[number] | undefined;
  tiers?: { clusters?: string[] | undefined; regions?: string[] | undefined }[] | undefined;
  clusterWeights?: { cluster: string; percent: number }[] | undefined;
}

function modeFaults({ mode = 'LOCAL_FIRST', tiers, clusterWeights }: FailoverBlock): [string, string][] {
  const faults: [string, string][] = [];
  if (mode === 'ORDERED' && tiers === undefined) faults.push(['mode ORDERED needs tiers', 'mode']);
  if (mode !== 'ORDERED' && tiers !== undefined) faults.push([`tiers have no meaning in mode ${mode}`, 'tiers']);
  if (mode !== 'ACTIVE_ACTIVE' && clusterWeights !== undefined)
    faults.push([`clusterWeights have no meaning in mode ${mode}`, 'clusterWeights']);
  return faults;
}

function repeated({ tiers = [], clusterWeights = [] }: FailoverBlock): [string, PropertyKey[]][] {
  const named = (field: 'clusters' | 'regions') =>
    tiers.flatMap((one, tierIndex) =>
      (one[field] ?? []).map((value, index): [string, PropertyKey[]] => [value, ['tiers', tierIndex, field, index]]),
    );
  const weighted = clusterWeights.map(({ cluster }, index): [string, PropertyKey[]] => [
    cluster,
    ['clusterWeights', index, 'cluster'],
  ]);
  return [
    ...secondOnes('cluster', named('clusters')),
    ...secondOnes('region', named('regions')),
    ...secondOnes('cluster', weighted),
  ];
}

function secondOnes(what: string, all: readonly [string, PropertyKey[]][]): [string, PropertyKey[]][] {
  const seen = new Set<string>();
  return all.flatMap(([value, path]): [string, PropertyKey[]][] => {
    if (seen.has(value)) return [[`${what} ${value} stands here twice`, path]];
    seen.add(value);
    return [];
  });
}

const cordon = z
  .strictObject({
    clusters: list(name('Name of a cluster.', 'Cluster'), {
      description: 'Clusters that callers in all clusters turn away from.',
      whenEmpty: 'ISM0020',
    }),
    mode: oneOf(
      CORDON_MODES,
      'LAST_RESORT (default): used only if all others fail. DRAIN: not at all, unless nobody else serves the host.',
    ).optional(),
    force: z
      .boolean()
      .meta({ description: 'With DRAIN: also where nobody else serves the host, which then cannot be called.' })
      .optional(),
  })
  .superRefine(({ mode, force }, context) => {
    if (force !== true || mode === 'DRAIN') return;
    report(context, { code: 'ISM0870', message: 'force has a meaning in mode DRAIN only' }, ['force']);
  })
  .meta({ description: 'Takes traffic off clusters. Cordons of all policies and scopes hold together.' });

/** Spec of a FailoverPolicy: `failover` is merged as a whole, cordons hold together. */
export const failoverPolicySpec = z
  .strictObject({
    targets: scopedTargets,
    enforced,
    failover: failover.optional(),
    cordon: cordon.optional(),
  })
  .superRefine(({ targets }, context) => {
    for (const [index, { port }] of targets.entries()) {
      if (port === undefined) continue;
      const message = 'failover and cordons concern a whole service, not one port';
      report(context, { code: 'ISM0871', message }, ['targets', index, 'port']);
    }
  })
  .meta({ description: 'Which clusters serve callers of a service, in which order, and which are taken out.' });

export type FailoverPolicySpec = z.output<typeof failoverPolicySpec>;
