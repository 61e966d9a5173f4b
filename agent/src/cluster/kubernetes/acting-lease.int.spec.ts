import { connectKube } from '@isthmus/kube';
import { manualClock } from '@isthmus/platform';
import { installIstioCrds, probeKubernetes, real, startKubeApiserver, type KubeApiserver } from '@isthmus/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { AGENT_NAMESPACE, refOfRendered, rendered, round, Scene } from './cluster-scene.fixture.js';

const onKubernetes = await real('kubernetes', probeKubernetes);
const LEASE = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: AGENT_NAMESPACE,
  name: 'isthmus-agent',
};
const TIMES = { lengthMs: 3000, renewWithinMs: 2000, retryMs: 100 };

onKubernetes('the Lease of the acting agent', () => {
  let server: KubeApiserver;
  let scene: Scene;
  beforeAll(async () => {
    server = await startKubeApiserver();
    await installIstioCrds(server.kubeconfig, ['ServiceEntry']);
    scene = await Scene.on(server);
    await scene.namespace('leased');
  });
  afterEach(() => scene.endAgents());
  afterAll(async () => {
    await scene?.close();
    await server?.stop();
  });

  it('of two agents only one writes, and the other takes over at once when it stops', async () => {
    const one = await scene.open({ leaseTimes: TIMES });
    const two = await scene.open({ leaseTimes: TIMES });
    expect([one.isActing, two.isActing]).toEqual([true, false]);
    const item = rendered('x', 'leased');
    expect(await two.apply(item.object)).toMatchObject({ outcome: 'failed', code: 'ISM0446' });
    expect(await two.remove(refOfRendered(item))).toMatchObject({ outcome: 'failed', code: 'ISM0446' });
    await expect(two.saveRecord({ fences: [], owned: [] })).rejects.toThrow('not the acting one');
    expect((await two.readInventory()).complete).toBe(true);
    await round(one, [item]);
    await one.close();
    await vi.waitFor(() => expect(two.isActing).toBe(true), 10_000);
    expect(await scene.live(LEASE)).toMatchObject({ spec: { leaseTransitions: 1 } });
    expect((await round(two, [])).record.owned).toEqual([]);
  });

  it('renews by one write without a read, and ends acting at once when somebody else has written it', async () => {
    const client = await connectKube({ kubeconfig: server.kubeconfig });
    const [reads, writes] = [vi.spyOn(client, 'getOf'), vi.spyOn(client, 'replace')];
    const one = await scene.open({ client, leaseTimes: TIMES });
    await vi.waitFor(() => expect(writes.mock.calls.length).toBeGreaterThan(4), 10_000);
    expect(reads.mock.calls.length).toBeLessThanOrEqual(2);
    expect(one.isActing).toBe(true);
    await scene.edit(LEASE, { spec: { holderIdentity: 'thief', leaseDurationSeconds: 60 } });
    await vi.waitFor(() => expect(one.isActing).toBe(false), 10_000);
    expect(await scene.live(LEASE)).toMatchObject({ spec: { holderIdentity: 'thief' } });
    await scene.drop(LEASE);
    await vi.waitFor(() => expect(one.isActing).toBe(true), 10_000);
  });

  it('stops acting before another may begin when it cannot renew, by monotonic time alone', async () => {
    const clock = manualClock();
    const one = await scene.open({ clock, leaseTimes: { ...TIMES, retryMs: 60_000 } });
    clock.setWallTime(new Date('1990-01-01T00:00:00Z'));
    expect(one.isActing).toBe(true);
    clock.advance(1999);
    expect(one.isActing).toBe(true);
    clock.advance(1);
    expect(one.isActing).toBe(false);
    expect(await one.apply(rendered('late', 'leased').object)).toMatchObject({ outcome: 'failed', code: 'ISM0446' });
  });

  it('takes over from an agent that vanished only after the whole length of its lease', async () => {
    await scene.edit(LEASE, {
      spec: { holderIdentity: 'vanished', leaseDurationSeconds: 1, renewTime: '2001-01-01T00:00:00.000000Z' },
    });
    const began = performance.now();
    const two = await scene.open({ leaseTimes: TIMES });
    expect(two.isActing).toBe(false);
    await vi.waitFor(() => expect(two.isActing).toBe(true), { timeout: 15_000, interval: 10 });
    expect(performance.now() - began).toBeGreaterThanOrEqual(3000);
  });

  it('a second agent that writes the record all the same makes the first stop and read again', async () => {
    const one = await scene.open({ leaseTimes: TIMES });
    await one.loadRecord();
    const { RecordConfigMaps } = await import('./record-config-maps.js');
    const other = new RecordConfigMaps({ client: scene.admin, namespace: AGENT_NAMESPACE });
    const fence = { gns: 'g', line: 'policy' as const, epoch: 1, seq: 7, root: 'b'.repeat(64) };
    await one.saveRecord({ fences: [], owned: [] });
    await other.load();
    await other.save({ fences: [fence], owned: [] });
    await expect(one.saveRecord({ fences: [{ ...fence, seq: 6 }], owned: [] })).rejects.toThrow('was not written');
    expect((await one.loadRecord()).fences).toEqual([fence]);
    await scene.drop({ apiVersion: 'v1', kind: 'ConfigMap', namespace: AGENT_NAMESPACE, name: 'isthmus-record' });
  });
});
