import { Injectable } from '@nestjs/common';
import {
  buildTree,
  EMPTY_ROOT,
  explainHost,
  joinView,
  readUnits,
  type HostExplanation,
  type Tree,
} from '@isthmus/domain';
import type { TenantTx } from '@isthmus/store';
import { withoutHiddenPolicies } from '../../auth/hidden-policies.js';
import { authorize, type Viewer } from '../../auth/viewer.js';
import { treeNodesIn } from '../../core/tree-nodes.js';
import type { Loaders } from '../../graphql/loaders.js';
import { sees } from '../../graphql/sight.js';

/** What policies come to for hosts, from the trees that were compiled last: the same that agents render. */
@Injectable()
export class ExplanationsService {
  /** Undefined while nothing was compiled for the host, or nothing that this release can read. */
  async ofHost(
    viewer: Viewer,
    { gns, host }: { gns: string; host: string },
    loaders: Loaders,
  ): Promise<HostExplanation | undefined> {
    authorize(viewer, 'GlobalNamespace.read');
    if (!(await sees(viewer, { kind: 'GlobalNamespace', uid: gns }, loaders))) return undefined;
    const head = await loaders.head.load(gns);
    if (head?.policyRoot === undefined || head.catalogRoot === undefined) return undefined;
    const { policyRoot, catalogRoot } = head;
    const units = new Set(['gns', `host/${host}`]);
    const secrecy = await loaders.secrecy.load('all');
    const explanation = await loaders.read(async (tx) => {
      const policy = await partOf(tx, policyRoot, units);
      const { view } = joinView(policy, await partOf(tx, catalogRoot, units));
      const found = view?.hosts.find((one) => one.host.host === host);
      return view === undefined || found === undefined ? undefined : explainHost(view, found, Date.now());
    });
    return explanation && withoutHiddenPolicies(explanation, secrecy);
  }
}

async function partOf(tx: TenantTx, root: string, units: ReadonlySet<string>): Promise<Tree> {
  if (root === EMPTY_ROOT) return buildTree([]);
  const read = await readUnits(root, units, treeNodesIn(tx));
  if (!read.ok)
    throw new Error(`the tree ${root} lacks ${read.missing.length} nodes, ${read.damaged.length} are damaged`);
  return buildTree(read.entries);
}
