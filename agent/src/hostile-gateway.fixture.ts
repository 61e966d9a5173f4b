import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { EMPTY_TREE, hostOf } from '@isthmus/domain';
import type { Tree } from '@isthmus/domain';
import { decodeAgentMessage, encodeMessage } from '@isthmus/protocol';
import type { AgentMessageOf, AssembledSync } from '@isthmus/protocol';
import { X509CertificateGenerator } from '@peculiar/x509';
import { ours } from './cluster/contract.fixture.js';
import type { Identity } from './identity/identity.js';
import type { RenderGns } from './render/wish.js';
import { AUDIENCE, PINNED_KEY, signedSync, treeOf } from './sync/signed.fixture.js';
import type { MemoryGateway, MemoryPeer } from './transport/memory-transport.js';

/** Mulberry32: the same seed gives the same run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One object for each name in the catalog. */
export const renderNames: RenderGns = ({ catalog }) => ({
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
export class HostileGateway {
  readonly policy = signedSync(treeOf('policy'), { line: 'policy', seq: 1 });
  catalogs: AssembledSync[] = [];
  calm = false;
  /** How many streams were opened so far. */
  streams = 0;
  /** What the agent says that it applied. */
  applied: AgentMessageOf<'applied'>[] = [];
  #last: MemoryPeer | undefined;

  constructor(
    private readonly random: () => number,
    /** How much it says on each stream that is not the truth. */
    private readonly lies = 6,
  ) {}

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
      if (decoded.message.type === 'applied') this.applied.push(decoded.message);
    },
    closed: () => undefined,
  });

  /** Ends the stream that is open. */
  hangUp(): void {
    this.#last?.close('gone');
  }

  #greet(peer: MemoryPeer): void {
    this.streams += 1;
    this.#last = peer;
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
    for (let said = 0; !this.calm && said < this.lies; said += 1) this.#lie(peer);
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

/** An identity that the hostile gateway's statements are for. */
export const hostileIdentity: Identity = {
  version: 1,
  org: AUDIENCE.org,
  cluster: { uid: AUDIENCE.cluster, name: 'east' },
  privateKey: '',
  certificate: await anyCertificate(),
  ca: '',
  statementKeys: [PINNED_KEY],
};
