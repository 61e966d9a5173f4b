import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createBreaker,
  createLeads,
  createLingers,
  createMoves,
  createPruneGate,
  openKubernetesCluster,
  runRound,
  type ClusterPort,
  type Round,
} from '@isthmus/agent';
import {
  compileOffline,
  inventoryFromManifests,
  isPolicy,
  parseBundle,
  type Issue,
  type Resource,
  type ResourceKind,
} from '@isthmus/domain';
import { connectKube } from '@isthmus/kube';
import { rendererFor, type RenderedObject } from '@isthmus/meshes';
import { systemClock } from '@isthmus/platform';
import type { StepName } from '@isthmus/protocol';
import type { ClusterName, Testbed } from './testbed.fixture.js';

const AGENT_NAMESPACE = 'isthmus-system';

/** What each cluster is to hold by a bundle and a policy beside it. */
export type Wanted = ReadonlyMap<string, readonly RenderedObject[]>;

/** Goes the way of `isthmus render` up to the objects. */
export async function wantedBy(bundleFolder: string, policy: string): Promise<Wanted> {
  const names = (await readdir(bundleFolder, { recursive: true })).filter((name) => name.endsWith('.yaml')).sort();
  const files = await Promise.all(
    names.map(async (path) => ({ path, text: await readFile(join(bundleFolder, path), 'utf8') })),
  );
  const bundle = parseBundle([...files, { path: 'policy.yaml', text: policy }]);
  const resources = bundle.resources.map(({ resource }) => resource);
  const ofKind = <K extends ResourceKind>(kind: K) =>
    resources.filter((resource): resource is Extract<Resource, { kind: K }> => resource.kind === kind);
  const inventories = new Map(
    [...bundle.clusters].map(([name, objects]) => [name, inventoryFromManifests(objects).inventory]),
  );
  const { globalNamespaces } = compileOffline({
    globalNamespaces: ofKind('GlobalNamespace'),
    policies: resources.filter(isPolicy),
    clusters: ofKind('Cluster'),
    clusterGroups: ofKind('ClusterGroup'),
    inventories,
    vips: [],
  });
  const views = globalNamespaces.flatMap(({ view }) => (view === undefined ? [] : [view]));
  return new Map(
    [...inventories].map(([cluster, { namespaces }]) => {
      const known = namespaces.map(({ name, labels }) => ({ name, labels }));
      const local = { cluster, namespaces: known, agentNamespace: AGENT_NAMESPACE, dnsCapture: true };
      return [cluster, views.flatMap((view) => rendererFor('istio').render(view, local).objects)];
    }),
  );
}

class Killed extends Error {}

type Memory = Pick<Round, 'lingers' | 'leads' | 'settled'>;

/** After how many writes the agent dies, how long it waits for time alone, how far the centre lets it go, and whether it removes whatever is not wanted. */
export interface Follow {
  readonly dies?: number;
  readonly patienceMs?: number;
  readonly step?: StepName;
  readonly planned?: boolean;
}

export interface Times {
  readonly lingerMs: number;
  readonly leadMs: number;
}

/** The rounds of an agent on a real apiserver, without a centre: what it wants is told, and it may die at any of its writes. */
export class RoundAgent {
  #memory: Memory;

  private constructor(
    private readonly port: ClusterPort,
    private readonly times: Times,
  ) {
    this.#memory = this.#begin();
  }

  static async on(cluster: ClusterName, testbed: Testbed, times: Times): Promise<RoundAgent> {
    const client = await connectKube({ kubeconfig: (await testbed.cli('kubeconfig', cluster)).trim() });
    const holder = `rounds-${cluster}`;
    const options = { client, holder, agentNamespace: AGENT_NAMESPACE, clock: systemClock, random: Math.random };
    const port = openKubernetesCluster(options);
    await port.hold();
    return new RoundAgent(port, times);
  }

  /** Makes rounds until nothing is left to do but to wait longer than `patienceMs`; false if it died after so many writes. */
  async follow(objects: readonly RenderedObject[], how: Follow = {}): Promise<boolean> {
    const { dies = Infinity, patienceMs = Infinity } = how;
    const port = dying(this.port, dies);
    for (;;) {
      const wake = await this.#round(port, objects, how).catch((error: unknown) => {
        if (error instanceof Killed) return error;
        throw error;
      });
      if (wake instanceof Killed) {
        this.#memory = this.#begin();
        return false;
      }
      if (wake === undefined || wake > patienceMs) return true;
      await pause(wake);
    }
  }

  async close(): Promise<void> {
    await this.port.close?.();
  }

  #begin(): Memory {
    const { lingerMs, leadMs } = this.times;
    return {
      lingers: createLingers(systemClock, lingerMs),
      leads: createLeads(systemClock, leadMs),
      settled: undefined,
    };
  }

  async #round(
    cluster: ClusterPort,
    objects: readonly RenderedObject[],
    { step, planned = false }: Follow,
  ): Promise<number | undefined> {
    const result = await runRound({
      ...{ cluster, record: await cluster.loadRecord(), fences: [], mode: 'sync', ...this.#memory },
      gate: createPruneGate(createBreaker(systemClock)),
      moves: createMoves(systemClock, 0),
      wishes: [{ gns: 'bookinfo', kind: 'render', objects, keepHosts: new Set(), planned, step }],
    });
    const isWaiting = ({ code }: Issue): boolean => step === 'expand' && code === 'ISM0448';
    const issues = result.results.flatMap((one) => one.issues).filter((one) => !isWaiting(one));
    if (issues.length > 0) throw new Error(JSON.stringify(issues));
    this.#memory = { ...this.#memory, settled: result.settled };
    return result.wakeInMs;
  }
}

/** The port that throws instead of writing once so many writes were made. */
function dying(port: ClusterPort, writes: number): ClusterPort {
  let left = writes;
  const count = (): void => {
    if (left <= 0) throw new Killed('killed');
    left -= 1;
  };
  return {
    ...port,
    apply: async (object) => (count(), port.apply(object)),
    remove: async (ref, uid) => (count(), port.remove(ref, uid)),
    saveRecord: async (record) => (count(), port.saveRecord(record)),
  };
}
