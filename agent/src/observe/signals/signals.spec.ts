import {
  buildTree,
  EMPTY_TREE,
  entry,
  type Canonical,
  type CatalogEntry,
  type PolicyEntry,
  type Tree,
} from '@isthmus/domain';
import { manualClock } from '@isthmus/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { readAgentEnv } from '../../env.js';
import { pinnedVerifier } from '../../identity/identity.js';
import { Lines } from '../../sync/lines.js';
import { AUDIENCE, PINNED_KEY, signedSync } from '../../sync/signed.fixture.js';
import { dueMinutes, LAG_SECONDS, untilNext } from './due-minutes.js';
import type { MetricsStore, StoreAnswer } from './metrics-store.js';
import { readPrometheus, type PrometheusFlags } from './prometheus-settings.js';
import { SignalBuffer, type SignalsFrame } from './signal-buffer.js';
import { SignalMeter } from './signal-meter.js';

const MINUTE = 60;
const noon = Date.UTC(2026, 0, 1, 12) / 1000;

describe('minutes that are due', () => {
  it('are none before the lag of the newest has passed, and one right then', () => {
    expect(dueMinutes(noon - MINUTE, noon + MINUTE + LAG_SECONDS - 1)).toEqual([]);
    expect(dueMinutes(noon - MINUTE, noon + MINUTE + LAG_SECONDS)).toEqual([noon]);
  });

  it('are none when the wall clock stepped back', () => expect(dueMinutes(noon, noon - 600)).toEqual([]));

  it('are those that were missed, as far back as the centre takes them', () => {
    expect(dueMinutes(noon - 4 * MINUTE, noon + LAG_SECONDS)).toEqual([3, 2, 1].map((back) => noon - back * MINUTE));
    const all = dueMinutes(undefined, noon + LAG_SECONDS);
    expect(all).toEqual(dueMinutes(noon - 86_400, noon + LAG_SECONDS));
    expect([all.length, all[0], all.at(-1)]).toEqual([13, noon - 13 * MINUTE, noon - MINUTE]);
  });

  it('come round once a minute, at the offset of the agent', () => {
    expect(untilNext((noon + LAG_SECONDS) * 1000, 0)).toBe(60_000);
    expect(untilNext((noon + LAG_SECONDS) * 1000 + 1, 0)).toBe(59_999);
    expect(untilNext(noon * 1000, 5_000)).toBe((LAG_SECONDS + 5) * 1000);
  });
});

describe('the buffer of signals', () => {
  const frame = (minute: number, gns = 'g1'): SignalsFrame => ({ type: 'signals', gns, minute, samples: [] });

  it('says each frame once a stream, the oldest first', () => {
    const buffer = new SignalBuffer();
    buffer.add([frame(noon + MINUTE), frame(noon)]);
    expect(buffer.take().map(({ minute }) => minute)).toEqual([noon, noon + MINUTE]);
    expect(buffer.take()).toEqual([]);
    buffer.restart();
    expect(buffer.take()).toHaveLength(2);
  });

  it('keeps the last minutes only', () => {
    const buffer = new SignalBuffer();
    for (let minute = 0; minute < 100; minute += 1) buffer.add([frame(noon + minute * MINUTE)]);
    expect(buffer.take().map(({ minute }) => minute)).toEqual(
      Array.from({ length: 14 }, (_, index) => noon + (86 + index) * MINUTE),
    );
  });

  it('is bounded whatever the number of global namespaces', () => {
    const buffer = new SignalBuffer();
    buffer.add(Array.from({ length: 2_100 }, (_, count) => frame(noon, `g${String(count)}`)));
    expect(buffer.size).toBe(2_000);
  });
});

/** The body as plain JSON, which is what an entry is. */
const plain = (body: PolicyEntry | CatalogEntry): Canonical => JSON.parse(JSON.stringify(body)) as Canonical;

const policyTree = (): Tree => {
  const body: PolicyEntry = { kind: 'gns', project: 'default', name: 'shop', domain: 'shop.global' };
  const mode: PolicyEntry = { kind: 'encryption', mode: 'STRICT' };
  return buildTree([entry('gns', plain(body)), entry('gns/encryption', plain(mode))]);
};
const catalogTree = (mesh: 'istio' | 'kuma' = 'istio'): Tree => {
  const cluster = (name: string): CatalogEntry => ({
    kind: 'cluster',
    name,
    mesh,
    trustDomain: 'cluster.local',
    clusterDomain: 'cluster.local',
  });
  const member = (owner: string, service: string): CatalogEntry => ({
    kind: 'member',
    host: `${service}.shop.global`,
    cluster: owner,
    namespace: 'shop',
    service,
    state: 'served',
    selector: [{ name: 'app', value: service }],
    ports: [{ number: 80, targetPort: 8080 }],
  });
  const host = (service: string, vip: string): CatalogEntry => ({
    kind: 'host',
    host: `${service}.shop.global`,
    service,
    vip,
    ports: [{ number: 80, name: 'http-80', protocol: 'HTTP' }],
  });
  const bodies: [string, CatalogEntry][] = [
    ['cluster/east', cluster('east')],
    ['cluster/west', cluster('west')],
    ['host/cart.shop.global', host('cart', '240.64.0.1')],
    ['host/cart.shop.global/member/east/shop/cart', member('east', 'cart')],
    ['host/pay.shop.global', host('pay', '240.64.0.2')],
    ['host/pay.shop.global/member/west/shop/pay', member('west', 'pay')],
  ];
  return buildTree(bodies.map(([name, body]) => entry(name, plain(body))));
};

class FakeStore implements MetricsStore {
  asked: { text: string; time: number }[] = [];
  fault: Extract<StoreAnswer, { ok: false }> | undefined;

  query(text: string, time: number): Promise<StoreAnswer> {
    this.asked.push({ text, time });
    if (this.fault !== undefined) return Promise.resolve(this.fault);
    const labels = (service: string) => ({
      destination_workload_namespace: 'shop',
      destination_canonical_service: service,
      destination_service: `${service}.shop.svc.cluster.local`,
    });
    const value = text.includes('response_code') ? 1 : 10;
    const rows = text.includes('le, ')
      ? []
      : [
          { labels: labels('cart'), value },
          { labels: labels('pay'), value },
        ];
    return Promise.resolve({ ok: true, rows });
  }
}

describe('measuring', () => {
  const clock = manualClock(new Date((noon + LAG_SECONDS) * 1000));
  let store: FakeStore;
  let lines: Lines;
  beforeEach(() => {
    clock.setWallTime(new Date((noon + LAG_SECONDS) * 1000));
    store = new FakeStore();
    lines = new Lines(AUDIENCE, pinnedVerifier([PINNED_KEY]));
  });
  const meter = (simulated = false) => new SignalMeter({ source: { store, simulated }, lines, clock, cluster: 'east' });
  const receive = (policy: Tree = policyTree(), catalog: Tree = catalogTree()): void => {
    lines.receive(signedSync(policy, { line: 'policy', seq: 1 }));
    lines.receive(signedSync(catalog, { line: 'catalog', cluster: undefined, seq: 1 }));
  };

  it('asks nothing without a policy, without a catalog, and after leaving', async () => {
    expect(await meter().round()).toEqual({ frames: [], issues: [], idle: true });
    lines.receive(signedSync(catalogTree(), { line: 'catalog', cluster: undefined, seq: 1 }));
    expect((await meter().round()).idle).toBe(true);
    lines.receive(signedSync(EMPTY_TREE, { line: 'policy', seq: 1 }));
    expect((await meter().round()).idle).toBe(true);
    expect(store.asked).toEqual([]);
  });

  it('asks nothing of a mesh without queries, and says so', async () => {
    receive(policyTree(), catalogTree('kuma'));
    const { frames, issues } = await meter().round();
    expect(frames).toEqual([]);
    expect(issues.map(({ code }) => code)).toEqual(['ISM0703']);
    expect(store.asked).toEqual([]);
  });

  it('has no frame for what the store did not answer, asks no further, and measures it later', async () => {
    receive();
    const one = meter();
    store.fault = { ok: false, code: 'ISM0700', reason: 'ECONNREFUSED' };
    const failed = await one.round();
    expect(failed.frames).toEqual([]);
    expect(failed.issues).toMatchObject([{ code: 'ISM0700', message: 'ECONNREFUSED', cluster: 'east' }]);
    expect(store.asked).toHaveLength(1);
    store.fault = undefined;
    clock.advance(120_000);
    const { frames, issues } = await one.round();
    expect(issues).toEqual([]);
    expect(frames).toHaveLength(13);
    expect(frames.at(-1)?.minute).toBe(noon + MINUTE);
  });

  it('counts its own servers only, each minute once and at its end', async () => {
    receive();
    const one = meter();
    const { frames } = await one.round();
    expect(frames.at(-1)).toEqual({
      type: 'signals',
      gns: 'g1',
      minute: noon - MINUTE,
      samples: [{ host: 'cart.shop.global', total: 10, errors: 1 }],
    });
    expect(new Set(store.asked.map(({ time }) => time % MINUTE))).toEqual(new Set([0]));
    expect(store.asked.at(-1)?.time).toBe(noon);
    expect((await one.round()).frames).toEqual([]);
    clock.advance(60_000);
    expect((await one.round()).frames.map(({ minute }) => minute)).toEqual([noon]);
  });

  it('marks every frame of a store that replays', async () => {
    receive();
    const { frames } = await meter(true).round();
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.every(({ simulated }) => simulated === true)).toBe(true);
  });
});

describe('settings of the metrics store', () => {
  const read = (flags: PrometheusFlags, variables: Record<string, string> = {}) => {
    const result = readAgentEnv(variables);
    if (!result.ok) throw new Error(result.faults.join());
    return readPrometheus(flags, result.env);
  };

  it('are none without an address, and refused if others are there', () => {
    expect(read({})).toEqual({ settings: undefined, faults: [] });
    expect(read({ 'prometheus-simulated': true }).faults).toHaveLength(1);
    expect(read({ 'prometheus-token-file': 't' }).faults).toHaveLength(1);
  });

  it.each([
    ['no address', { prometheus: 'prometheus:9090' }],
    ['another scheme', { prometheus: 'ftp://prometheus' }],
    ['a password', { prometheus: 'http://a:b@prometheus' }],
    ['a query', { prometheus: 'http://prometheus?x=1' }],
    ['no time', { prometheus: 'http://prometheus', 'prometheus-timeout': '0' }],
    ['a text for a time', { prometheus: 'http://prometheus', 'prometheus-timeout': 'soon' }],
    ['a time longer than a minute leaves', { prometheus: 'http://prometheus', 'prometheus-timeout': '56' }],
  ])('refuse %s', (_what, flags) => expect(read(flags).faults).toHaveLength(1));

  it('take the environment, and let a flag win', () => {
    const variables = { ISTHMUS_PROMETHEUS: 'http://env/prom', ISTHMUS_PROMETHEUS_SIMULATED: 'true' };
    const fromEnv = { url: 'http://env/prom', tokenFile: undefined, timeoutMs: 10_000, simulated: true };
    expect(read({}, variables)).toEqual({ settings: fromEnv, faults: [] });
    expect(read({ prometheus: 'https://flag', 'prometheus-timeout': '2.5' }, variables).settings).toMatchObject({
      url: 'https://flag',
      timeoutMs: 2_500,
    });
  });
});
