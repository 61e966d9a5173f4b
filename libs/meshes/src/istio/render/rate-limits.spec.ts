import type { LocalFacts } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { kindName, NEEDED_KINDS, OPTIONAL_KINDS } from './owned-object.js';
import { baseFiles, renderFiles } from './policy-cases.fixture.js';

const limit = (name: string, target: object, requests: number) =>
  JSON.stringify({
    apiVersion: 'isthmus.dev/v1alpha1',
    kind: 'TrafficPolicy',
    metadata: { name },
    spec: {
      targets: [{ globalNamespace: 'bookinfo', service: 'details', ...target }],
      localRateLimit: { requests },
    },
  });

/** Details offers its one container port twice. */
const twoPorts = baseFiles().map(({ path, text }) => ({
  path,
  text: text.replaceAll(
    '- { name: http, port: 80, targetPort: 9080 }',
    '- { name: http, port: 80, targetPort: 9080 }\n    - { name: http-more, port: 81, targetPort: 9080 }',
  ),
}));

function west(policies: string[], facts: Partial<LocalFacts> = {}) {
  const files = policies.map((text, index) => ({ path: `case-${index}.yaml`, text }));
  const { clusters, issues } = renderFiles([...twoPorts, ...files], (all) => all, facts);
  return {
    filters: (clusters.get('west') ?? []).filter(({ kind }) => kind === 'EnvoyFilter'),
    told: issues.filter(({ cluster, code }) => cluster === 'west' && ['ISM0861', 'ISM0956'].includes(code)),
  };
}

describe('rate limits of two ports that are one port of the container', () => {
  it('are those of the first that has some, which is told if the other has not the same', () => {
    const { filters, told } = west([limit('more', { port: 81 }, 7), limit('first', { port: 80 }, 5)]);
    expect(told).toMatchObject([{ code: 'ISM0861', message: expect.stringContaining('Ports 80, 81') }]);
    expect(told[0]?.message).toContain('of port 80.');
    expect(JSON.stringify(filters)).toContain('"tokens_per_fill":5');
    expect(JSON.stringify(filters)).not.toContain('"tokens_per_fill":7');
    const alone = west([limit('more', { port: 81 }, 7)]);
    expect(alone.told[0]?.message).toContain('of port 81.');
    expect(JSON.stringify(alone.filters)).toContain('"tokens_per_fill":7');
  });

  it('are limited once, and nothing is told, if they are the same', () => {
    const { filters, told } = west([limit('all', {}, 5)]);
    expect(told).toEqual([]);
    expect(filters).toHaveLength(1);
    expect(filters[0]).toMatchObject({ spec: { configPatches: [{ applyTo: 'HTTP_FILTER' }] } });
  });
});

const globally = (name: string, port: number) =>
  JSON.stringify({
    apiVersion: 'isthmus.dev/v1alpha1',
    kind: 'TrafficPolicy',
    metadata: { name },
    spec: {
      targets: [{ globalNamespace: 'bookinfo', service: 'details', port }],
      globalRateLimit: {
        service: { host: 'ratelimit.infra.svc.cluster.local', port: 8081 },
        domain: 'bookinfo',
        failureMode: 'OPEN',
        descriptors: [{ entries: [{ key: 'service', value: 'details' }] }],
      },
    },
  });

describe('a service that is asked for limits', () => {
  it('is asked where the proxy keeps no limit of its own, and counts as a limit of its port', () => {
    const { filters, told } = west([globally('asked', 80), limit('own', { port: 81 }, 7)]);
    expect(told[0]?.message).toContain('of port 80.');
    const text = JSON.stringify(filters);
    expect(text).toContain('isthmus.global_rate_limit');
    expect(text).not.toContain('local_ratelimit');
  });
});

describe('rate limits in a cluster that allows EnvoyFilters', () => {
  it('are told, and not rendered, where the agent may not write them', () => {
    const { filters, told } = west([limit('all', {}, 5)], { deniedKinds: [kindName('EnvoyFilter')] });
    expect(filters).toEqual([]);
    expect(told).toMatchObject([{ message: expect.stringContaining('RAW_EXTENSION') }]);
    expect(told[0]?.message).toContain('rbac.envoyFilters');
  });

  it('are told, and not rendered, where the cluster lacks the kind', () => {
    const servedKinds = [...NEEDED_KINDS, ...OPTIONAL_KINDS].filter((kind) => kind !== kindName('EnvoyFilter'));
    const { filters, told } = west([limit('all', {}, 5)], { servedKinds });
    expect(filters).toEqual([]);
    expect(told).toMatchObject([{ message: expect.stringContaining('NEEDS_VERSION') }]);
  });
});
