import { CallJudge, joinView, type HostView, type ReadNodes } from '@isthmus/domain';
import { Injectable } from '@nestjs/common';
import type { HeadRecord, ResourceRecord } from '@isthmus/store';
import DataLoader from 'dataloader';
import type { Secrecy } from '../../auth/secrecy.js';
import { authorize, type Viewer } from '../../auth/viewer.js';
import { RecentlyUsed } from '../../core/recently-used.js';
import { treeBy, treeNodesIn } from '../../core/tree-nodes.js';
import type { Loaders } from '../../graphql/loaders.js';
import { nodeId } from '../../graphql/node-id.js';
import { seenOf } from '../../graphql/sight.js';
import { reportsAt } from '../slo-reports/slo-report-model.js';
import type { CompiledView, PlacedCluster, PlacedService, TopologyWorld } from './topology-model.js';

/** Global namespaces that are kept joined; one of a thousand services takes some megabytes. */
const MAX_VIEWS = 16;

/** Whose eyes, and when. */
export interface Looking {
  viewer: Viewer;
  loaders: Loaders;
  now: Date;
}

/** A global namespace with what it was compiled to. */
interface Compiled {
  record: ResourceRecord;
  compiled: CompiledView;
}

/** Where services stand and who may call whom, from the trees that were compiled last: the same that agents render. */
@Injectable()
export class TopologyService {
  /** Trees are named by their content, so that what was joined once stays true. */
  private readonly views = new RecentlyUsed<CompiledView>(MAX_VIEWS);

  /** Of one global namespace; undefined while nothing was compiled, or nothing that this release can read. */
  async ofGns(record: ResourceRecord, looking: Looking): Promise<TopologyWorld | undefined> {
    authorize(looking.viewer, 'GlobalNamespace.read');
    const found = await this.compiled([record], looking);
    return found.length === 0 ? undefined : worldOf(found, looking);
  }

  /** Of every global namespace that the cluster takes part in and the viewer may read, as far as services run in the cluster. */
  async ofCluster(cluster: ResourceRecord, looking: Looking): Promise<TopologyWorld> {
    const { viewer, loaders } = looking;
    authorize(viewer, 'GlobalNamespace.read');
    const targets = (await loaders.targetsOfCluster.load(cluster.uid)).filter(({ state }) => state !== 'CLOSED');
    const seen = await seenOf(viewer, targets, { kind: 'GlobalNamespace', uidOf: ({ gns }) => gns, loaders });
    const records = await Promise.all(seen.map(({ gns }) => loaders.resource.load(gns)));
    const found = await this.compiled(
      records.filter((record) => record !== undefined),
      looking,
    );
    const world = await worldOf(found, looking);
    const isHere = ({ host }: PlacedService) => host.members.some((member) => member.cluster === cluster.name);
    return { ...world, services: world.services.filter(isHere) };
  }

  private async compiled(records: readonly ResourceRecord[], { viewer, loaders }: Looking): Promise<Compiled[]> {
    const read = nodesOf(loaders);
    const found = await Promise.all(
      records.map(async (record): Promise<Compiled[]> => {
        const head = await loaders.head.load(record.uid);
        const compiled = head && (await this.viewOf(viewer.org, head, read));
        return compiled === undefined ? [] : [{ record, compiled }];
      }),
    );
    return found.flat();
  }

  private async viewOf(org: string, { policyRoot, catalogRoot }: HeadRecord, read: ReadNodes) {
    if (policyRoot === undefined || catalogRoot === undefined) return undefined;
    return this.views.get(`${org}/${policyRoot}/${catalogRoot}`, async () => {
      const [policy, catalog] = await Promise.all([treeBy(policyRoot, read), treeBy(catalogRoot, read)]);
      const { view } = joinView(policy, catalog);
      return view && { view, judge: new CallJudge(view) };
    });
  }
}

/** Nodes of all trees that are read at the same time, level by level together. */
function nodesOf(loaders: Loaders): ReadNodes {
  const nodes = new DataLoader<string, string | undefined>(
    async (hashes) => {
      const found = await loaders.read((tx) => treeNodesIn(tx)([...hashes]));
      return hashes.map((hash) => found.get(hash));
    },
    { cache: false },
  );
  return async (hashes) => {
    const texts = await Promise.all(hashes.map((hash) => nodes.load(hash)));
    return new Map(
      hashes.flatMap((hash, index) => {
        const text = texts[index];
        return text === undefined ? [] : [[hash, text] as const];
      }),
    );
  };
}

async function worldOf(found: readonly Compiled[], looking: Looking): Promise<TopologyWorld> {
  const { loaders } = looking;
  const [secrecy, objectives, clusters] = await Promise.all([
    loaders.secrecy.load('all'),
    objectivesOf(found, looking),
    clustersOf(found, loaders),
  ]);
  const services = found.flatMap(({ record, compiled }) =>
    compiled.view.hosts
      .filter(({ members }) => members.length > 0)
      .map((host): PlacedService => ({
        ...{ id: nodeId('GlobalService', record.uid, host.host.host), compiled, host },
        gns: { name: record.name, project: record.project },
        encryption: compiled.view.encryption?.mode,
        objective: objectives.get(`${record.uid} ${host.host.host}`),
        groups: readableGroups(record, host, secrecy),
      })),
  );
  const consumers = found.flatMap(({ compiled }) => (compiled.view.gns.consumers ?? []).flatMap((one) => one.clusters));
  const byHost = services.toSorted((a, b) => (a.host.host.host < b.host.host.host ? -1 : 1));
  return { services: byHost, clusters, consumers: new Set(consumers) };
}

function readableGroups({ project }: ResourceRecord, { groups = [] }: HostView, { knows }: Secrecy): string[] {
  return groups.filter((name) => knows({ kind: 'ServiceGroup', project, name }));
}

const WORST = ['BREACHED', 'NO_DATA', 'MET'] as const;

async function objectivesOf(found: readonly Compiled[], { loaders, now }: Looking) {
  const worst = new Map<string, (typeof WORST)[number]>();
  if (found.length === 0) return worst;
  const rows = await loaders.read((tx) => tx.sloStates.reports({ gns: found.map(({ record }) => record.uid) }));
  for (const { gns, host, report } of reportsAt(rows, now)) {
    const key = `${gns} ${host}`;
    const known = worst.get(key);
    if (known === undefined || WORST.indexOf(report.status) < WORST.indexOf(known)) worst.set(key, report.status);
  }
  return worst;
}

async function clustersOf(found: readonly Compiled[], loaders: Loaders): Promise<Map<string, PlacedCluster>> {
  const entries = new Map(found.flatMap(({ compiled }) => compiled.view.clusters).map((entry) => [entry.name, entry]));
  const placed = [...entries.values()].map(async (entry): Promise<[string, PlacedCluster]> => {
    const record = await loaders.cluster.load(entry.name);
    if (record === undefined) return [entry.name, { entry, isReadable: false, session: undefined }];
    return [entry.name, { entry, isReadable: true, session: await loaders.session.load(record.uid) }];
  });
  return new Map(await Promise.all(placed));
}
