import { buildTree, entry, type Tree } from '@isthmus/domain';
import { manualClock, silentLogger } from '@isthmus/platform';
import { describe, expect, it } from 'vitest';
import { AgentCore } from './agent-core.js';
import { memoryCluster } from './cluster/memory-cluster.js';
import { oneRound } from './loop.js';
import { Instants } from './observe/instants.js';
import { incrementalRender } from './render/incremental-render.js';
import { catalogTree, clusterEntry, hostEntries, policyTree } from './render/trees.fixture.js';
import { AUDIENCE, PINNED_KEY, signedSync } from './sync/signed.fixture.js';
import { memoryStateStore } from './sync/state-store.js';

const START = new Date('2027-01-01T00:00:00Z');

/** A policy whose faults end so long after the start. */
function faulty(afterMs: number): Tree {
  const name = 'gns/block/faults/global-namespace/p/TrafficPolicy/a';
  const fault = entry(name, {
    ...{ kind: 'block', scope: 'GLOBAL_NAMESPACE', policy: { kind: 'TrafficPolicy', project: 'p', name: 'a' } },
    feature: { kind: 'faults', expiresAtMs: START.getTime() + afterMs, abort: { httpStatus: 503, share: 10_000 } },
  });
  return buildTree([...policyTree().entries.values(), fault]);
}

function agent(policy: Tree) {
  const clock = manualClock(START);
  const cluster = memoryCluster();
  const shop = { name: 'shop', labels: {}, readable: true, entry: undefined };
  cluster.reading = { ...cluster.reading, inventory: { ...cluster.reading.inventory, namespaces: [shop] } };
  const core = new AgentCore({
    identity: {
      ...{ version: 1, org: AUDIENCE.org, cluster: { uid: AUDIENCE.cluster, name: 'east' } },
      ...{ statementKeys: [PINNED_KEY], privateKey: '', certificate: '', ca: '' },
    },
    ...{ cluster, state: memoryStateStore(), clock, log: silentLogger(), render: incrementalRender() },
    ...{ bootId: 'boot', version: 'spec', agentNamespace: 'isthmus-system' },
    gate: { approve: () => undefined, judge: ({ removals }) => ({ go: [...removals], held: [] }) },
  });
  core.lines.receive(signedSync(policy));
  const catalog = catalogTree([clusterEntry('east'), clusterEntry('west'), ...hostEntries('web', ['east', 'west'])]);
  core.lines.receive(signedSync(catalog, { line: 'catalog', cluster: undefined }));
  const hasFault = (): boolean =>
    [...cluster.objects.values()].some(
      ({ kind, spec }) => kind === 'VirtualService' && JSON.stringify(spec).includes('"fault"'),
    );
  return { core, clock, hasFault };
}

describe('faults that end', () => {
  it('stay until their instant, and end at it without a word from the centre', async () => {
    const { core, clock, hasFault } = agent(faulty(90_000));
    await oneRound(core);
    expect(hasFault()).toBe(true);
    clock.advance(89_999);
    await oneRound(core);
    expect(hasFault()).toBe(true);
    clock.advance(1);
    await oneRound(core);
    expect(hasFault()).toBe(false);
    expect(core.heardCentre).toBe(false);
    core.names.stop();
  });

  it('do not come back when the clock is set back', async () => {
    const { core, clock, hasFault } = agent(faulty(1_000));
    clock.advance(1_000);
    await oneRound(core);
    expect(hasFault()).toBe(false);
    clock.setWallTime(new Date(START.getTime() - 86_400_000));
    await oneRound(core);
    expect(hasFault()).toBe(false);
    core.names.stop();
  });

  it('wake the agent although nothing else happens', async () => {
    const { core } = agent(faulty(40));
    await oneRound(core);
    await core.untilWoken(0);
    const before = performance.now();
    await core.untilWoken(20_000);
    expect(performance.now() - before).toBeLessThan(19_000);
    core.names.stop();
  });
});

describe('instants of policies', () => {
  it('have passed from the very millisecond on, and the next one is known', () => {
    const clock = manualClock(START);
    const instants = new Instants(clock);
    const policies = [faulty(10), faulty(30)];
    expect(instants.of(policies)).toEqual({ nextInMs: 10 });
    clock.advance(10);
    expect(instants.of(policies)).toEqual({ passed: START.getTime() + 10, nextInMs: 20 });
    clock.advance(20);
    expect(instants.of(policies)).toEqual({ passed: START.getTime() + 30 });
    expect(instants.of([policyTree()])).toEqual({});
  });

  it('pass by the time that went by, though the wall clock stands', () => {
    const clock = manualClock(START);
    const instants = new Instants(clock);
    clock.advance(10);
    clock.setWallTime(START);
    expect(instants.of([faulty(10)])).toEqual({ passed: START.getTime() + 10 });
  });
});
