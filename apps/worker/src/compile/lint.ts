import { lintResources, type Issue } from '@isthmus/domain';
import type { GnsMemory } from './gns-memory.js';
import type { Snapshot } from './snapshot.js';

/** What users configured in the meshes against one global namespace, and what that was judged from. */
export interface LintMemory {
  key: string;
  issues: Issue[];
}

/** Issues about what users configured in the clusters' meshes; judged again only if specs or inventories moved. */
export function lintIssues(snapshot: Snapshot, memory: Pick<GnsMemory, 'lint'>): Issue[] {
  const { gns, policies, clusters, clusterGroups, inventories } = snapshot;
  if (gns === undefined) return [];
  const key = keyOf(snapshot);
  if (memory.lint?.key === key) return memory.lint.issues;
  const issues = lintResources([gns, ...clusters, ...clusterGroups, ...policies], inventories);
  memory.lint = { key, issues };
  return issues;
}

/** Versions may come again after a restore, but not in one epoch; clusters come and go without a change of a spec. */
function keyOf({ epoch, specVersion, inventoryVersion, inventories, uids }: Snapshot): string {
  return JSON.stringify([epoch, specVersion, inventoryVersion, [...uids.keys()], [...inventories.keys()]]);
}
