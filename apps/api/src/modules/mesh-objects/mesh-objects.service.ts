import { Inject, Injectable } from '@nestjs/common';
import {
  byCodeUnit,
  EMPTY_ROOT,
  joinView,
  type EncryptionPolicy,
  type GlobalNamespace,
  type Issue,
} from '@isthmus/domain';
import type { ObjectSource, RenderedObject } from '@isthmus/meshes';
import type { Clock } from '@isthmus/platform';
import type { Store, TenantTx } from '@isthmus/store';
import type { Secrecy } from '../../auth/secrecy.js';
import { authorize, type Viewer } from '../../auth/viewer.js';
import { CLOCK, STORE } from '../../core/tokens.js';
import { treeIn } from '../../core/tree-nodes.js';
import type { Loaders } from '../../graphql/loaders.js';
import { encryptionSource } from '../../preview/encryption-source.js';
import { sourceTeller } from '../../preview/source-teller.js';
import { localFacts } from '../../preview/local-facts.js';
import { readInventories } from '../apply/inventories.js';
import { resourceOf } from '../resources/resource-document.js';
import type { TargetModel } from '../targets/target-model.js';
import { RenderCache } from './render-cache.js';
import { renderTarget, type RenderedTarget } from './render-target.js';

/** Global namespaces that one answer renders for a cluster. */
export const MAX_NAMESPACES = 50;

/** One object of a mesh's own configuration, with what it comes from. */
export interface MeshObjectModel extends RenderedObject {
  /** Unique in a cluster's configuration; lists are sorted by it. */
  key: string;
  globalNamespace: { project: string; name: string };
  /** Undefined: telling it would cost more than one answer may. */
  sources: () => ObjectSource[] | undefined;
}

/** What is rendered in a cluster. */
export interface MeshConfigurationModel {
  objects: MeshObjectModel[];
  issues: Issue[];
  /** False while the cluster has not reported what it has: nothing is rendered then. */
  inventoryKnown: boolean;
  /** Global namespaces that are not part of it because there are too many. */
  omitted: number;
}

/** The configuration that wanted revisions come to in clusters: what agents render, from the same trees by the same library. */
@Injectable()
export class MeshObjectsService {
  private readonly cache = new RenderCache();

  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Of the targets, which are the viewer's to read; those of one cluster. */
  async of(viewer: Viewer, targets: readonly TargetModel[], loaders: Loaders): Promise<MeshConfigurationModel> {
    authorize(viewer, 'resources.read');
    const [first] = targets;
    const head = first && (await loaders.inventoryHead.load(first.record.cluster));
    const shown = targets.slice(0, MAX_NAMESPACES);
    const rendered: RenderedTarget[] = [];
    for (const target of head === undefined ? [] : shown) {
      const one = await this.rendered(viewer.org, target, head?.version ?? 0);
      if (one !== undefined) rendered.push(one);
    }
    const secrecy = await loaders.secrecy.load('all');
    return {
      objects: objectsOf(rendered, secrecy),
      issues: rendered.flatMap(({ issues }) => issues).map(secrecy.told),
      inventoryKnown: first === undefined || head !== undefined,
      omitted: targets.length - shown.length,
    };
  }

  private rendered(org: string, { record, head }: TargetModel, inventory: number): Promise<RenderedTarget | undefined> {
    const { cluster, gns, ref } = record;
    const catalogRoot = head?.catalogRoot ?? EMPTY_ROOT;
    const key = [org, cluster, gns, ref.root, catalogRoot, inventory].join('/');
    const now = this.clock.now().getTime();
    return this.cache.get(key, now, async () => {
      const read = await this.store.withTenant(org, (tx) =>
        readWorld(tx, { cluster, gns, root: ref.root, catalogRoot }),
      );
      if (read === undefined) return undefined;
      const { name, inventory: found, view, encryption } = read;
      const mesh = view.clusters.find((one) => one.name === name)?.mesh;
      if (mesh === undefined) return undefined;
      return renderTarget({ mesh, view, local: localFacts(name, found, now), encryption });
    });
  }
}

interface Place {
  cluster: string;
  gns: string;
  root: string;
  catalogRoot: string;
}

/** What the agent of a cluster has of a global namespace; undefined if nothing is wanted there, or it cannot be rendered. */
async function readWorld(tx: TenantTx, { cluster, gns, root, catalogRoot }: Place) {
  const [clusterRecord] = await tx.resources.byUids([cluster]);
  const { view } = joinView(await treeIn(tx, root), await treeIn(tx, catalogRoot));
  if (clusterRecord === undefined || view === undefined) return undefined;
  const { name } = clusterRecord;
  const inventory = (await readInventories(tx, [clusterRecord])).get(name);
  const [gnsRecord] = await tx.resources.byUids([gns]);
  const policies = view.encryption && gnsRecord ? await tx.resources.all(['EncryptionPolicy']) : [];
  const gnsDocument = gnsRecord && (resourceOf(gnsRecord) as GlobalNamespace);
  const documents = policies.map((record) => resourceOf(record) as EncryptionPolicy);
  const encryption = gnsDocument && encryptionSource(documents, gnsDocument, view.encryption?.mode);
  return { name, view, inventory, encryption };
}

function objectsOf(rendered: readonly RenderedTarget[], secrecy: Secrecy): MeshObjectModel[] {
  const tell = sourceTeller(secrecy);
  const models = rendered.flatMap(({ gns, objects, sources }) =>
    objects.map((one): MeshObjectModel => ({
      ...one,
      key: keyOf(one, gns),
      globalNamespace: gns,
      sources: () => tell(sources, one),
    })),
  );
  return models.sort((a, b) => byCodeUnit(a.key, b.key));
}

function keyOf({ object }: RenderedObject, gns: { project: string; name: string }): string {
  const { apiVersion, kind, metadata } = object;
  return [kind, metadata.namespace ?? '', metadata.name, apiVersion, gns.project, gns.name].join(' ');
}
