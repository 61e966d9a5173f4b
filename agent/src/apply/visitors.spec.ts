import { LABELS, MANAGED_BY } from '@isthmus/domain';
import { withContentHash } from '@isthmus/meshes';
import type { RenderedObject } from '@isthmus/meshes';
import { heldSetHash } from '@isthmus/plan';
import { manualClock } from '@isthmus/platform';
import type { ManualClock } from '@isthmus/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { memoryCluster } from '../cluster/memory-cluster.js';
import type { MemoryCluster } from '../cluster/memory-cluster.js';
import { LINGER_MS } from './agent-world.fixture.js';
import { createLeads } from './leads.js';
import { createLingers } from './lingers.js';
import { createMoves } from './moves.js';
import { createPruneGate } from './prune-gate.js';
import type { PruneGate } from './prune-gate.js';
import { runRound } from './run-round.js';
import type { RoundResult } from './run-round.js';

const HOST = 'cart.shop.global';
const rendered = (kind: string, namespace: string, more: { spec: object; host?: string }): RenderedObject => {
  const { host, spec } = more;
  const metadata = { name: 'cart', namespace, labels: { [LABELS.managedBy]: MANAGED_BY } };
  const object = withContentHash({ apiVersion: 'networking.istio.io/v1', kind, metadata, spec });
  return { side: 'client', order: 1, object, ...(host === undefined ? {} : { host }) };
};
const entry = (...exportTo: string[]): RenderedObject =>
  rendered('ServiceEntry', 'shop', { host: HOST, spec: { hosts: [HOST], exportTo } });
const isPublic = [
  rendered('VirtualService', 'ingress', { spec: { hosts: ['shop.example'], gateways: ['cart'], http: [] } }),
  rendered('Gateway', 'ingress', { spec: { servers: [] } }),
];

describe('visitors of a public service', () => {
  let clock: ManualClock;
  let cluster: MemoryCluster;
  let gate: PruneGate;
  let lingers: ReturnType<typeof createLingers>;
  let isOpen: boolean;
  beforeEach(() => {
    clock = manualClock();
    cluster = memoryCluster();
    isOpen = false;
    gate = createPruneGate({ allow: () => isOpen, see: () => undefined });
    lingers = createLingers(clock, LINGER_MS);
  });
  const run = async (...objects: RenderedObject[]): Promise<RoundResult> =>
    runRound({
      ...{ cluster, record: await cluster.loadRecord(), fences: [], mode: 'sync', gate, lingers },
      ...{ moves: createMoves(clock, 0), leads: createLeads(clock, 0) },
      wishes: [{ gns: 'g1', kind: 'render', objects, keepHosts: new Set(), planned: false }],
    });
  const seenBy = (): unknown =>
    ([...cluster.objects.values()].find(({ kind }) => kind === 'ServiceEntry')?.spec as { exportTo: string[] })
      .exportTo;

  it('reach its service as long as the removal of its routes is held, also after a restart, and neither once it is approved', async () => {
    await run(entry('ingress', 'shop'), ...isPublic);
    const { results } = await run(entry('shop'));
    const held = results[0]?.held ?? [];
    expect([held.length, results[0]?.failed, seenBy()]).toEqual([2, false, ['ingress', 'shop']]);
    clock.advance(10 * LINGER_MS);
    lingers = createLingers(clock, LINGER_MS);
    expect([(await run(entry('shop'))).results[0]?.issues.length, seenBy()]).toEqual([1, ['ingress', 'shop']]);
    gate.approve('g1', heldSetHash(held));
    await run(entry('shop'));
    await run(entry('shop'));
    expect([[...cluster.objects.values()].map(({ kind }) => kind), seenBy()]).toEqual([['ServiceEntry'], ['shop']]);
  });

  it('lose the routes first where nothing is held, and the service in a round that comes by itself', async () => {
    isOpen = true;
    await run(entry('ingress', 'shop'), ...isPublic);
    const { wakeInMs } = await run(entry('shop'));
    expect([wakeInMs, cluster.objects.size, seenBy()]).toEqual([LINGER_MS, 1, ['ingress', 'shop']]);
    expect((await run(entry('shop'))).wakeInMs).toBeUndefined();
    expect(seenBy()).toEqual(['shop']);
  });

  it('do not keep others from losing a service that they may not see any more', async () => {
    await run(entry('ingress', 'other', 'shop'), ...isPublic);
    await run(entry('shop'));
    expect(seenBy()).toEqual(['ingress', 'shop']);
    await run(entry('ingress', 'shop'), ...isPublic);
    await run(entry('ingress'), ...isPublic);
    expect(seenBy()).toEqual(['ingress']);
  });
});
