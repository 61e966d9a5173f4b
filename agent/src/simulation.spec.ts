import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { EMPTY_TREE, hostOf } from '@isthmus/domain';
import type { Tree } from '@isthmus/domain';
import { silentLogger, systemClock } from '@isthmus/platform';
import { comparePairs, decodeAgentMessage, encodeMessage } from '@isthmus/protocol';
import type { AssembledSync, Pair } from '@isthmus/protocol';
import { X509CertificateGenerator } from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import { ours } from './cluster/contract.fixture.js';
import { memoryCluster } from './cluster/memory-cluster.js';
import type { MemoryCluster } from './cluster/memory-cluster.js';
import { memoryIdentityStore } from './identity/identity.js';
import type { Identity } from './identity/identity.js';
import type { RenderGns } from './render/wish.js';
import { runAgent } from './run-agent.js';
import { AUDIENCE, PINNED_KEY, signedSync, treeOf } from './sync/signed.fixture.js';
import { memoryStateStore } from './sync/state-store.js';
import type { StateStore } from './sync/state-store.js';
import { memoryTransport } from './transport/memory-transport.js';
import type { MemoryGateway, MemoryPeer } from './transport/memory-transport.js';

/** Mulberry32: the same seed gives the same run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const render: RenderGns = ({ catalog }) => ({
  kind: 'objects',
  keepHosts: new Set(),
  issues: [],
  objects: [...catalog.entries.keys()].map((name) => ({
    side: 'client',
    order: 0,
    object: ours(hostOf(name) ?? name),
  })),
});

/** A gateway that has a truth and says much else: old positions, other bodies, parts out of order, and ends in the middle. */
class HostileGateway {
  readonly policy = signedSync(treeOf('policy'), { line: 'policy', seq: 1 });
  catalogs: AssembledSync[] = [];
  calm = false;

  constructor(private readonly random: () => number) {}

  publish(tree: Tree): void {
    this.catalogs.push(
      signedSync(tree, { line: 'catalog', cluster: undefined, seq: this.catalogs.length + 1 }, EMPTY_TREE),
    );
  }

  readonly accept: MemoryGateway = (peer) => ({
    message: (text) => {
      const decoded = decodeAgentMessage(text);
      if (decoded.kind !== 'message') throw new Error('the agent said something malformed');
      if (decoded.message.type === 'hello') this.#greet(peer);
    },
    closed: () => undefined,
  });

  #greet(peer: MemoryPeer): void {
    const cluster = { uid: AUDIENCE.cluster, name: 'east' };
    peer.send(
      encodeMessage({
        type: 'welcome',
        protocol: 1,
        session: 1,
        epoch: 1,
        org: AUDIENCE.org,
        cluster,
        now: '',
        inventory: 'NEEDED',
        credits: { inventory: 1 },
      }),
    );
    for (let said = 0; !this.calm && said < 6; said += 1) this.#lie(peer);
    const newest = this.catalogs.at(-1);
    if (this.calm || this.random() < 0.5) for (const sync of [this.policy, newest]) if (sync) this.#say(peer, sync);
    if (!this.calm && this.random() < 0.6) peer.close('gone');
  }

  #lie(peer: MemoryPeer): void {
    const sync = this.catalogs[Math.floor(this.random() * this.catalogs.length)] ?? this.policy;
    const kind = Math.floor(this.random() * 4);
    if (kind === 0) this.#say(peer, sync);
    if (kind === 1) this.#say(peer, { ...sync, statement: { ...sync.statement, seq: 999 } });
    if (kind === 2) this.#say(peer, { ...sync, delta: { ...sync.delta, put: [] } });
    if (kind === 3) this.#say(peer, sync, { part: 1, parts: 3 });
  }

  #say(peer: MemoryPeer, { statement, signature, delta }: AssembledSync, at = { part: 0, parts: 1 }): void {
    peer.send(encodeMessage({ type: 'sync', id: 1, statement, signature, ...at, delta }));
  }
}

async function anyCertificate(): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const notAfter = new Date(Date.now() + 86_400_000);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { keys, notAfter, signingAlgorithm: algorithm },
    webcrypto,
  );
  return certificate.toString('pem');
}

const identity: Identity = {
  version: 1,
  org: AUDIENCE.org,
  cluster: { uid: AUDIENCE.cluster, name: 'east' },
  privateKey: '',
  certificate: await anyCertificate(),
  ca: '',
  statementKeys: [PINNED_KEY],
};

function watchFence(cluster: MemoryCluster): void {
  let highest: Pair = { epoch: 0, seq: 0 };
  const save = cluster.saveRecord;
  cluster.saveRecord = async (record) => {
    const catalog = record.fences.find(({ line }) => line === 'catalog');
    if (catalog) {
      expect(comparePairs(catalog, highest)).toBeGreaterThanOrEqual(0);
      highest = catalog;
    }
    await save(record);
  };
}

async function until(test: () => boolean): Promise<void> {
  for (let round = 0; round < 400 && !test(); round += 1) await new Promise((resolve) => setTimeout(resolve, 5));
}

interface World {
  gateway: HostileGateway;
  cluster: MemoryCluster;
  state: StateStore;
}

/** One life of the agent: runs until the test holds, then stops. */
async function live({ gateway, cluster, state }: World, bootId: string, done: () => boolean): Promise<void> {
  const abort = new AbortController();
  const running = runAgent({
    identity,
    identities: memoryIdentityStore(identity),
    cluster,
    state,
    render,
    gate: { approve: () => undefined, judge: ({ removals }) => ({ go: [...removals], held: [] }) },
    clock: systemClock,
    log: silentLogger(),
    bootId,
    version: 'simulation',
    agentNamespace: 'isthmus-system',
    transport: () => memoryTransport(gateway.accept),
    random: () => 0.001,
    signal: abort.signal,
  });
  await until(done);
  abort.abort();
  await running;
}

describe('an agent with a hostile gateway and a failing cluster', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('never goes back and ends where the truth is (seed %i)', async (seed) => {
    const random = seeded(seed);
    const world: World = { gateway: new HostileGateway(random), cluster: memoryCluster(), state: memoryStateStore() };
    const { gateway, cluster } = world;
    watchFence(cluster);
    for (const names of [
      ['a', 'b'],
      ['a', 'b', 'c'],
      ['b', 'c', 'd'],
    ]) {
      gateway.publish(treeOf(...names));
      cluster.onWrite = () => random() > 0.2;
      await live(world, `boot-${names.join('')}`, () => random() < 0.05);
    }
    cluster.onWrite = () => true;
    gateway.calm = true;
    const text = (names: Iterable<string>): string => [...names].sort().join();
    const there = (): string => text([...cluster.objects.values()].map(({ metadata }) => metadata.name));
    const named = (): string => text(cluster.record.owned.map(({ name }) => name));
    await live(world, 'last', () => there() === 'b,c,d' && named() === 'b,c,d');
    expect([there(), named()]).toEqual(['b,c,d', 'b,c,d']);
  });
});
