import {
  buildTree,
  compileCatalog,
  compilePolicy,
  CURRENT_COMPILER,
  groupLabelKeys,
  isPolicy,
  memberClusterNames,
  RESOURCE_KINDS,
  sitesOf,
  treeNodes,
  type Tree,
} from '@isthmus/domain';
import type { Store } from '@isthmus/store';
import { readInventories } from '../modules/apply/inventories.js';
import { resourceOf } from '../modules/resources/resource-document.js';

const encoder = new TextEncoder();
const objectsOf = (tree: Tree) =>
  [...treeNodes(tree)].map(({ hash, kind, text }) => ({ hash, kind, bytes: encoder.encode(text) }));

/** As the worker does for a global namespace of `default` that is new: compiles all that is stored, publishes it, and points every cluster to it. */
export function compileAsWorker(store: Store, name: string): Promise<void> {
  return store.withTenant('default', async (tx) => {
    const records = await tx.resources.all(RESOURCE_KINDS);
    const record = records.find((one) => one.kind === 'GlobalNamespace' && one.name === name);
    const gns = record && resourceOf(record);
    if (record === undefined || gns?.kind !== 'GlobalNamespace') throw new Error(`no global namespace ${name}`);
    const documents = records.map(resourceOf);
    const clusters = documents.filter((document) => document.kind === 'Cluster');
    const policies = documents.filter(isPolicy);
    const fleet = { clusters, clusterGroups: [], policies };
    const places = records.filter(({ kind }) => kind === 'Cluster');
    const policy = compilePolicy({ ...fleet, gns, compilerVersion: CURRENT_COMPILER }).tree ?? buildTree([]);
    const catalog = compileCatalog({
      ...{ ...fleet, gns, labelKeys: groupLabelKeys(policies, gns), sites: sitesOf(policies, gns) },
      inventories: await readInventories(tx, places),
      ...{ vips: [], takenVips: new Set(), portContracts: [], memberStates: [], claims: new Map() },
      memberClusters: memberClusterNames(gns, fleet),
    }).tree;
    await tx.objects.put([...objectsOf(policy), ...objectsOf(catalog)]);
    await tx.heads.lock(record.uid);
    const about = { gns: record.uid, issues: [] };
    const specVersion = await tx.resources.specVersion();
    await tx.heads.publishPolicy({ ...about, root: policy.root, compilerVersion: CURRENT_COMPILER, specVersion });
    const signed = { statement: '{}', signature: 'c2ln' };
    const next = { epoch: 1, seq: 1, root: catalog.root };
    await tx.heads.publishCatalog({ ...about, ...signed, expectedSeq: 0, inventoryVersion: 1, next });
    const ref = { epoch: 1, seq: 1, root: policy.root };
    const move = { gns: record.uid, expectedSeq: 0, state: 'ACTIVE' as const, minCatalogSeq: 1, revision: 1 };
    await tx.targets.move(places.map(({ uid }) => ({ ...move, ...signed, cluster: uid, next: ref })));
  });
}
