import { durationText, type FeatureOf } from '@isthmus/domain';
import { objectName } from '../../object-name.js';
import type { RenderedObject } from '../../renderer.js';
import type { HostScene } from './host-members.js';
import { labelsOf } from './labels-of.js';
import { isServed, ownedObject } from './owned-object.js';

const match = (side: string | undefined): object => (side === undefined ? {} : { match: { mode: side } });
const providers = (name: string | undefined): object => (name === undefined ? {} : { providers: [{ name }] });

/** A connection without requests has no status: there the second half decides. */
function filterExpression({ statusFrom, slowerThanMs, expression }: FilterOf): string {
  const parts = [
    ...(statusFrom === undefined ? [] : [`response.code >= ${statusFrom}`]),
    ...(slowerThanMs === undefined ? [] : [`request.duration > duration('${durationText(slowerThanMs)}')`]),
  ];
  return expression ?? parts.join(' || ');
}

type FilterOf = NonNullable<FeatureOf<'accessLogs'>['filter']>;

/** Istio ignores an entry without provider where the mesh names no default; this one is there in every mesh. */
const STANDARD_OUTPUT = 'envoy';

function accessLogging({ enabled, side, provider = STANDARD_OUTPUT, filter }: FeatureOf<'accessLogs'>): object {
  return {
    ...match(side),
    ...providers(provider),
    ...(enabled ? {} : { disabled: true }),
    ...(filter === undefined ? {} : { filter: { expression: filterExpression(filter) } }),
  };
}

function tracing({ samplingBasisPoints, provider, side }: FeatureOf<'tracing'>): object {
  return { ...match(side), ...providers(provider), randomSamplingPercentage: samplingBasisPoints / 100 };
}

type OverrideOf = FeatureOf<'metrics'>['overrides'][number];

function override({ metric = 'ALL_METRICS', side, disabled, tags = [] }: OverrideOf): object {
  const tagOverrides = tags.map(({ name, value }): [string, object] => [
    name,
    value === undefined ? { operation: 'REMOVE' } : { operation: 'UPSERT', value },
  ]);
  return {
    match: { metric, ...(side === undefined ? {} : { mode: side }) },
    ...(disabled === true ? { disabled: true } : {}),
    ...(tagOverrides.length === 0 ? {} : { tagOverrides: Object.fromEntries<object>(tagOverrides) }),
  };
}

function metrics({ provider, overrides }: FeatureOf<'metrics'>): object {
  return { ...providers(provider), overrides: overrides.map(override) };
}

/** What the workloads of the local member log, trace and count, for all of their traffic. */
export function telemetry({ scene, host, local, policies }: HostScene): RenderedObject[] {
  if (local === undefined || !isServed(scene, 'Telemetry')) return [];
  const [logs, traces, counts] = [
    policies.feature('accessLogs'),
    policies.feature('tracing'),
    policies.feature('metrics'),
  ];
  if (logs === undefined && traces === undefined && counts === undefined) return [];
  const spec = {
    selector: { matchLabels: labelsOf(local.selector) },
    ...(logs === undefined ? {} : { accessLogging: [accessLogging(logs)] }),
    ...(traces === undefined ? {} : { tracing: [tracing(traces)] }),
    ...(counts === undefined ? {} : { metrics: [metrics(counts)] }),
  };
  return [
    ownedObject(scene, {
      side: 'owner',
      kind: 'Telemetry',
      namespace: local.namespace,
      name: objectName(host.host),
      host,
      spec,
    }),
  ];
}
