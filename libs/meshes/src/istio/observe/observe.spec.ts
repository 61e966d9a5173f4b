import type { GnsView, MemberEntry } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { observedServices } from './observed-service.js';
import { readVector } from './prometheus-answer.js';
import { serviceSamples } from './service-samples.js';
import { signalQueries } from './signal-queries.js';

describe('reading an answer', () => {
  it.each([
    ['no object', 'x', 'the answer is no JSON object'],
    ['an error', { status: 'error', error: 'bad_data' }, 'bad_data'],
    ['an error without text', { status: 'error' }, 'the answer has no status of success'],
    ['a matrix', { status: 'success', data: { resultType: 'matrix', result: [] } }, 'the answer holds no vector'],
    ['no data', { status: 'success' }, 'the answer holds no vector'],
    [
      'a row without value',
      { status: 'success', data: { resultType: 'vector', result: [{ metric: {} }] } },
      'a row of the vector has no labels or value',
    ],
  ])('refuses %s', (_what, body, reason) => expect(readVector(body)).toEqual({ ok: false, reason }));

  it('leaves out what is no finite number', () => {
    const result = ['1.5', 'NaN', '+Inf'].map((value, index) => ({ metric: { a: String(index) }, value: [1, value] }));
    expect(readVector({ status: 'success', data: { resultType: 'vector', result } })).toEqual({
      ok: true,
      rows: [{ labels: { a: '0' }, value: 1.5 }],
    });
  });
});

const member = (more: Partial<MemberEntry>): MemberEntry => ({
  kind: 'member',
  host: 'reviews.bookinfo.global',
  cluster: 'east',
  namespace: 'bookinfo',
  service: 'reviews',
  state: 'served',
  selector: [{ name: 'tier', value: 'app' }],
  ports: [],
  ...more,
});
const viewOf = (members: MemberEntry[]): GnsView => ({
  gns: { kind: 'gns', project: 'default', name: 'bookinfo', domain: 'bookinfo.global' },
  encryption: { kind: 'encryption', mode: 'STRICT' },
  slos: [],
  clusters: [
    { kind: 'cluster', name: 'east', mesh: 'istio', trustDomain: 'cluster.local', clusterDomain: 'east.local' },
  ],
  hosts: [
    {
      host: { kind: 'host', host: 'reviews.bookinfo.global', service: 'reviews', vip: '240.64.0.1', ports: [] },
      members,
    },
  ],
});
const canonical = (...selector: [string, string][]) =>
  observedServices(viewOf([member({ selector: selector.map(([name, value]) => ({ name, value })) })]), 'east')[0]
    ?.canonicalService;

describe('services to observe', () => {
  it('are none of other clusters, nor of a cluster that is not in the catalog', () => {
    expect(observedServices(viewOf([member({ cluster: 'west' })]), 'east')).toEqual([]);
    expect(observedServices(viewOf([member({ cluster: 'west' })]), 'west')).toEqual([]);
  });

  it('are known by the names under which their servers report', () => {
    expect(observedServices(viewOf([member({})]), 'east')).toEqual([
      {
        host: 'reviews.bookinfo.global',
        namespace: 'bookinfo',
        canonicalService: 'reviews',
        destinations: ['reviews.bookinfo.svc.east.local', 'reviews.bookinfo.global'],
      },
    ]);
  });

  it('take their canonical name from labels in the order of Istio', () => {
    expect(canonical(['app', 'a'])).toBe('a');
    expect(canonical(['app', 'a'], ['app.kubernetes.io/name', 'b'])).toBe('b');
    expect(canonical(['service.istio.io/canonical-name', 'c'], ['app.kubernetes.io/name', 'b'], ['app', 'a'])).toBe(
      'c',
    );
  });
});

describe('queries', () => {
  it('are none without services', () => expect(signalQueries([], 60)).toBeUndefined());

  it('ask for all namespaces at once, each as itself', () => {
    const services = ['shop', 'book.info'].map((namespace) => ({
      host: 'h',
      namespace,
      canonicalService: 'c',
      destinations: [],
    }));
    expect(signalQueries([...services, ...services], 90)?.total).toBe(
      'sum by (destination_workload_namespace, destination_canonical_service, destination_service) ' +
        '(increase(istio_requests_total{reporter="destination",destination_workload_namespace=~"book\\\\.info|shop"}[90s]))',
    );
  });
});

describe('samples', () => {
  const service = { host: 'h', namespace: 'n', canonicalService: 'c', destinations: ['c.n.svc.cluster.local', 'h'] };
  const row = (value: number, labels: Record<string, string> = {}) => ({
    labels: {
      destination_workload_namespace: 'n',
      destination_canonical_service: 'c',
      destination_service: 'h',
      ...labels,
    },
    value,
  });

  it('are none where nobody measured', () => {
    expect(serviceSamples([service], { total: [], errors: [row(1)], durations: [] })).toEqual([]);
    expect(
      serviceSamples([service], {
        total: [row(1, { destination_workload_namespace: 'other' })],
        errors: [],
        durations: [],
      }),
    ).toEqual([]);
  });

  it('are zero where servers were there and nobody called', () => {
    expect(serviceSamples([service], { total: [row(0)], errors: [], durations: [] })).toEqual([
      { host: 'h', total: 0, errors: 0 },
    ]);
  });

  it('count a row once that fits by both names', () => {
    expect(serviceSamples([service], { total: [row(7)], errors: [row(2)], durations: [] })).toEqual([
      { host: 'h', total: 7, errors: 2 },
    ]);
  });

  it('count a request for the service that was called, where several have the same workloads', () => {
    const stable = { ...service, host: 's', destinations: ['s.n.svc.cluster.local', 's'] };
    const rows = [row(7), row(5, { destination_service: 's' }), row(3, { destination_service: 'unknown' })];
    const samples = serviceSamples([service, stable], { total: rows, errors: [], durations: [] });
    expect(samples).toEqual([
      { host: 'h', total: 10, errors: 0 },
      { host: 's', total: 5, errors: 0 },
    ]);
  });

  it('never have more errors than requests', () => {
    expect(serviceSamples([service], { total: [row(7)], errors: [row(7.01)], durations: [] })).toEqual([
      { host: 'h', total: 7, errors: 7 },
    ]);
  });

  it('carry no durations without a bucket of all requests', () => {
    expect(
      serviceSamples([service], { total: [row(7)], errors: [], durations: [row(5, { le: '10' })] })[0],
    ).not.toHaveProperty('durations');
  });

  it('turn cumulative buckets into counts between bounds, by number and not by text', () => {
    const durations = [row(9, { le: '+Inf' }), row(5, { le: '100' }), row(2, { le: '25' }), row(4.999, { le: '250' })];
    expect(serviceSamples([service], { total: [row(9)], errors: [], durations })[0]?.durations).toEqual({
      bounds: [25, 100, 250],
      counts: [2, 3, 0, 4],
    });
  });
});
