import { describe, expect, it } from 'vitest';
import { featuresOf, isScopedPolicy } from '../../compile/policies/features-of.js';
import { isPolicy } from '../schema/kinds.js';
import { parseResource } from '../parse-resource.js';
import { brief, documentOf } from '../resource.fixture.js';

const targets = [{ globalNamespace: 'shop' }];
const parse = (spec: object) => parseResource(documentOf('TelemetryPolicy', { targets, ...spec }));
const faults = (spec: object) => brief(parse(spec).issues);

describe('a telemetry policy is refused', () => {
  it.each([
    ['a port', { targets: [{ globalNamespace: 'shop', service: 'cart', port: 80 }] }, 'ISM0910 spec.targets[0].port'],
    [
      'a filter of logs that are off',
      { accessLogs: { enabled: false, filter: { statusFrom: 500 } } },
      'ISM0911 spec.accessLogs.filter',
    ],
    ['an empty filter', { accessLogs: { enabled: true, filter: {} } }, 'ISM0911 spec.accessLogs.filter'],
    [
      'an expression beside a field',
      { accessLogs: { enabled: true, filter: { statusFrom: 500, expression: 'true' } } },
      'ISM0911 spec.accessLogs.filter',
    ],
    [
      'a status that is none',
      { accessLogs: { enabled: true, filter: { statusFrom: 600 } } },
      'ISM0016 spec.accessLogs.filter.statusFrom',
    ],
    ['more than all traces', { tracing: { samplingPercent: 100.01 } }, 'ISM0951 spec.tracing.samplingPercent'],
    ['fewer than no traces', { tracing: { samplingPercent: -0.01 } }, 'ISM0951 spec.tracing.samplingPercent'],
    ['a third decimal', { tracing: { samplingPercent: 0.125 } }, 'ISM0951 spec.tracing.samplingPercent'],
    [
      'a provider that is no name',
      { tracing: { samplingPercent: 1, provider: 'a b' } },
      'ISM0911 spec.tracing.provider',
    ],
    ['an override that says nothing', { metrics: { overrides: [{}] } }, 'ISM0911 spec.metrics.overrides[0]'],
    [
      'tags of what is off',
      { metrics: { overrides: [{ disabled: true, tags: [{ name: 'a', remove: true }] }] } },
      'ISM0911 spec.metrics.overrides[0]',
    ],
    [
      'a tag without value',
      { metrics: { overrides: [{ tags: [{ name: 'a' }] }] } },
      'ISM0911 spec.metrics.overrides[0].tags[0]',
    ],
    [
      'a tag both set and removed',
      { metrics: { overrides: [{ tags: [{ name: 'a', value: 'x', remove: true }] }] } },
      'ISM0911 spec.metrics.overrides[0].tags[0]',
    ],
    [
      'a tag that is no label',
      { metrics: { overrides: [{ tags: [{ name: 'a-b', remove: true }] }] } },
      'ISM0911 spec.metrics.overrides[0].tags[0].name',
    ],
    ['no overrides', { metrics: { overrides: [] } }, 'ISM0020 spec.metrics.overrides'],
  ])('for %s', (_, spec, fault) => {
    expect(faults(spec)).toEqual([fault]);
  });

  it('for a tag that is named twice', () => {
    const tags = [
      { name: 'a', remove: true },
      { name: 'a', value: 'x' },
    ];
    expect(faults({ metrics: { overrides: [{ tags }] } })).toEqual(['ISM0911 spec.metrics.overrides[0].tags[1].name']);
  });
});

describe('a telemetry policy', () => {
  it.each([0, 0.01, 12.5, 100])('takes %s % of traces', (samplingPercent) => {
    const { resource, issues } = parse({ tracing: { samplingPercent } });
    expect(brief(issues)).toEqual([]);
    if (resource === undefined || !isPolicy(resource) || !isScopedPolicy(resource)) throw new Error('no policy');
    expect(featuresOf(resource)).toEqual([
      { kind: 'tracing', samplingBasisPoints: Math.round(samplingPercent * 100), provider: undefined, side: undefined },
    ]);
  });

  it('may say nothing at all', () => {
    expect(faults({})).toEqual([]);
  });
});
