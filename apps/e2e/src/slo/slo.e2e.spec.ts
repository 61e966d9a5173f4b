import { real, testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../product/product.fixture.js';
import { PlayedPrometheus, probePrometheus } from './prometheus.fixture.js';
import { durations, requests, type RecordedCounter } from './recorded-series.fixture.js';
import { SloWorld } from './slo-world.fixture.js';

const postgres = await testPostgres();
const prometheus = await real('prometheus', probePrometheus);

const MINUTES = 8;
/** Samples that add to a counter: four a minute. */
const SAMPLES = MINUTES * 4;

const reviews = { service: 'reviews', namespace: 'bookinfo' };
const EAST: RecordedCounter[] = [
  requests({ ...reviews, perSample: 19, more: { response_code: '200' } }),
  requests({ ...reviews, perSample: 1, more: { response_code: '503' } }),
  ...durations(reviews, { '25': 12, '100': 18, '+Inf': 20 }),
  requests({
    ...{ service: 'ratings', namespace: 'bookinfo', perSample: 995 },
    more: { response_code: '200', request_protocol: 'grpc', grpc_response_status: '0' },
  }),
  requests({
    ...{ service: 'ratings', namespace: 'bookinfo', perSample: 5 },
    more: { response_code: '200', request_protocol: 'grpc', grpc_response_status: '14' },
  }),
  // Not to be counted: what clients saw, and a service of another namespace.
  requests({ ...reviews, perSample: 5000, more: { response_code: '500', reporter: 'source' } }),
  requests({ service: 'reviews', namespace: 'staging', perSample: 5000, more: { response_code: '500' } }),
];
const WEST: RecordedCounter[] = [
  requests({ ...reviews, perSample: 40, more: { response_code: '200' } }),
  ...durations(reviews, { '25': 40, '100': 40, '+Inf': 40 }),
  requests({ service: 'probe', namespace: 'lab', perSample: 2, more: { response_code: '200' } }),
];

const cluster = (name: string): string => `apiVersion: isthmus.dev/v1alpha1
kind: Cluster
metadata: { name: ${name} }
spec: { mesh: { kind: istio } }
`;
const namespace = (name: string): string => `apiVersion: isthmus.dev/v1alpha1
kind: GlobalNamespace
metadata: { name: ${name} }
spec: { domain: ${name}.global, members: [{ namespaces: { names: [${name}] } }] }
`;
const policy = (name: string, spec: string): string => `apiVersion: isthmus.dev/v1alpha1
kind: SloPolicy
metadata: { name: ${name} }
spec: { ${spec}, timeWindow: { duration: 1h, isRolling: true } }
`;
const DOCUMENTS = [
  ...['east', 'west', 'lab', 'dark'].map(cluster),
  ...['bookinfo', 'lab', 'dark'].map(namespace),
  ...['bookinfo', 'lab', 'dark'].map((gns) =>
    policy(
      `${gns}-availability`,
      `targets: [{ globalNamespace: ${gns} }], indicator: { type: AVAILABILITY }, objective: "0.99"`,
    ),
  ),
  policy(
    'reviews-latency',
    'targets: [{ globalNamespace: bookinfo, service: reviews }], indicator: { type: LATENCY, thresholdMs: 100 }, objective: "0.9"',
  ),
].join('---\n');

interface Report {
  service: string | null;
  host: string | null;
  status: string;
  source: string | null;
  attainment: number | null;
  objective: number;
  errorBudgetRemaining: number | null;
  burnRate1h: number | null;
  burnRate6h: number | null;
  good: number;
  total: number;
  observedAt: string | null;
  freshnessSeconds: number | null;
  stale: boolean;
  observations: { cluster: { name: string }; observedAt: string | null }[];
}
const FIELDS = `service host status source attainment objective errorBudgetRemaining burnRate1h burnRate6h good total
  observedAt freshnessSeconds stale observations { cluster { name } observedAt }`;

postgres.suite('objectives', () => {
  prometheus('measured by agents against a real Prometheus', () => {
    let world: SloWorld;
    let east: PlayedPrometheus;
    let west: PlayedPrometheus;
    const from = Math.floor(Date.now() / 60_000) * 60 - (MINUTES + 1) * 60;
    const end = new Date((from + MINUTES * 60) * 1000).toISOString();

    const reportsOf = async (name: string): Promise<{ all: Report; by: Record<string, Report> }> => {
      type Answer = { sloPolicy: { reports: { nodes: Report[] }; aggregates: Report[] } };
      const query = `query($name: String!) { sloPolicy(name: $name) {
        reports(first: 50) { nodes { ${FIELDS} } } aggregates { ${FIELDS} } } }`;
      const { sloPolicy } = await world.graphql<Answer>(query, { name });
      const [all] = sloPolicy.aggregates;
      if (all === undefined) throw new Error(`${name} was not evaluated yet`);
      return { all, by: Object.fromEntries(sloPolicy.reports.nodes.map((one) => [one.service ?? '', one])) };
    };
    const eastAgent = { cluster: 'east', namespace: 'bookinfo', services: ['reviews', 'ratings', 'ghost'] };
    const complete = (): Promise<true> =>
      eventually('both clusters told the whole recording', async () => {
        const { all } = await reportsOf('bookinfo-availability');
        return all.total > 33_919 ? true : undefined;
      });

    beforeAll(async () => {
      [east, west] = await Promise.all([
        PlayedPrometheus.start({ counters: EAST, from, minutes: MINUTES }),
        PlayedPrometheus.start({ counters: WEST, from, minutes: MINUTES }),
      ]);
      world = await SloWorld.start(await postgres.freshStore());
      await world.apply(DOCUMENTS);
      await Promise.all([east.untilPlayed(), west.untilPlayed()]);
      await world.startAgent({ ...eastAgent, prometheus: { url: east.url, simulated: false } });
      const atWest = { url: west.url, simulated: false };
      await world.startAgent({ cluster: 'west', namespace: 'bookinfo', services: ['reviews'], prometheus: atWest });
      const replay = { url: west.url, simulated: true };
      await world.startAgent({ cluster: 'lab', namespace: 'lab', services: ['probe'], prometheus: replay });
      await world.startAgent({ cluster: 'dark', namespace: 'dark', services: ['probe'] });
      await complete();
    });
    afterAll(async () => {
      await world.stop();
      await Promise.all([east.remove(), west.remove()]);
    });

    describe('where nobody measured', () => {
      it('has no data for a service without series, though its cluster reports', async () => {
        const { by } = await reportsOf('bookinfo-availability');
        expect(by['ghost']).toMatchObject({
          status: 'NO_DATA',
          source: null,
          attainment: null,
          errorBudgetRemaining: null,
          burnRate1h: null,
          total: 0,
          observedAt: null,
          freshnessSeconds: null,
          stale: true,
        });
      });

      it('has no data in a cluster without a metrics store', async () => {
        const { all, by } = await reportsOf('dark-availability');
        expect(all).toMatchObject({ status: 'NO_DATA', source: null, attainment: null, observedAt: null, stale: true });
        expect(all.observations).toEqual([{ cluster: { name: 'dark' }, observedAt: null }]);
        expect(by['probe']).toMatchObject({ status: 'NO_DATA', total: 0 });
      });
    });

    describe('where servers were measured', () => {
      it('tells attainment and the remaining budget, overspent ones too, over all clusters', async () => {
        const { by } = await reportsOf('bookinfo-availability');
        const { reviews: one, ratings } = by;
        expect(one).toMatchObject({
          status: 'BREACHED',
          source: 'MEASURED',
          objective: 0.99,
          host: 'reviews.bookinfo.global',
        });
        expect(one?.total).toBeCloseTo(60 * SAMPLES, 3);
        expect(one?.good).toBeCloseTo(59 * SAMPLES, 3);
        expect(one?.attainment).toBeCloseTo(59 / 60, 6);
        expect(one?.errorBudgetRemaining).toBeCloseTo(1 - 1 / 0.6, 6);
        expect(one?.burnRate1h).toBeCloseTo(1 / 0.6, 6);
        expect(one?.observations.map((each) => [each.cluster.name, each.observedAt]).sort()).toEqual([
          ['east', end],
          ['west', end],
        ]);
        expect(ratings).toMatchObject({ status: 'MET', source: 'MEASURED' });
        expect(ratings?.total).toBeCloseTo(1000 * SAMPLES, 2);
        expect(ratings?.attainment).toBeCloseTo(0.995, 6);
        expect(ratings?.errorBudgetRemaining).toBeCloseTo(0.5, 6);
      });

      it('tells the same of a global namespace as the sum of its services', async () => {
        const query = `{ globalNamespace(name: "bookinfo") { slos { policy { name } ${FIELDS} } } }`;
        type Answer = { globalNamespace: { slos: (Report & { policy: { name: string } })[] } };
        const { globalNamespace } = await world.graphql<Answer>(query);
        const all = globalNamespace.slos.find((one) => one.policy.name === 'bookinfo-availability');
        expect(globalNamespace.slos).toHaveLength(2);
        expect(all).toMatchObject({ status: 'MET', service: null, host: null, source: 'MEASURED' });
        expect(all?.total).toBeCloseTo(1060 * SAMPLES, 2);
        expect(all?.attainment).toBeCloseTo(1 - 6 / 1060, 6);
        expect(all?.errorBudgetRemaining).toBeCloseTo(1 - 6 / 10.6, 6);
        expect(all?.burnRate6h).toBeCloseTo(6 / 10.6, 6);
      });

      it('counts durations against the threshold, on the one service that the policy names', async () => {
        const { all, by } = await reportsOf('reviews-latency');
        expect(Object.keys(by)).toEqual(['reviews']);
        expect(by['reviews']?.total).toBeCloseTo(60 * SAMPLES, 3);
        expect(by['reviews']?.attainment).toBeCloseTo(58 / 60, 6);
        expect(by['reviews']?.errorBudgetRemaining).toBeCloseTo(1 - 2 / 6, 6);
        expect(all).toMatchObject({ status: 'MET', total: by['reviews']?.total });
      });

      it('marks what a store replays as simulated, and nothing else', async () => {
        const { all, by } = await eventually('the replay', async () => {
          const found = await reportsOf('lab-availability');
          return found.all.total > 0 ? found : undefined;
        });
        expect(all).toMatchObject({ status: 'MET', source: 'SIMULATED' });
        expect(by['probe']).toMatchObject({ source: 'SIMULATED' });
        expect((await reportsOf('bookinfo-availability')).all.source).toBe('MEASURED');
      });
    });

    describe('when something goes away', () => {
      it('counts nothing twice when an agent starts again and measures the same minutes', async () => {
        const before = (await reportsOf('bookinfo-availability')).all;
        await world.stopAgent('east');
        await world.startAgent({ ...eastAgent, prometheus: { url: east.url, simulated: false } });
        await new Promise((resolve) => setTimeout(resolve, 4_000));
        const after = (await reportsOf('bookinfo-availability')).all;
        expect([after.total, after.good, after.observedAt]).toEqual([before.total, before.good, before.observedAt]);
      });

      it('says that the store does not answer, keeps what it knew, and lets it grow old', async () => {
        await world.stopAgent('east');
        await east.stop();
        await world.startAgent({ ...eastAgent, prometheus: { url: east.url, simulated: false } });
        const query = '{ globalNamespace(name: "bookinfo") { issues { code message cluster } } }';
        type Answer = { globalNamespace: { issues: { code: string; message: string; cluster: string | null }[] } };
        const issue = await eventually('the issue', async () =>
          (await world.graphql<Answer>(query)).globalNamespace.issues.find(({ code }) => code === 'ISM0700'),
        );
        expect(issue).toMatchObject({ message: 'ECONNREFUSED', cluster: 'east' });
        const first = (await reportsOf('bookinfo-availability')).all;
        await new Promise((resolve) => setTimeout(resolve, 2_500));
        const later = (await reportsOf('bookinfo-availability')).all;
        expect(later).toMatchObject({ observedAt: end, total: first.total, status: 'MET' });
        expect(later.freshnessSeconds ?? 0).toBeGreaterThanOrEqual((first.freshnessSeconds ?? 0) + 2);
        expect(later.freshnessSeconds).toBeGreaterThan(60);
      });
    });
  });
});
