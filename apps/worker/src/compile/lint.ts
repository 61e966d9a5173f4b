import { ISSUE_AREAS, lintResources, type Issue, type IssueCode } from '@isthmus/domain';
import type { GnsMemory } from './gns-memory.js';
import type { Snapshot } from './snapshot.js';

/** What users configured in the meshes against one global namespace, and what that was judged from. */
export interface LintMemory {
  key: string;
  issues: Issue[];
}

type Remembered = Pick<GnsMemory, 'lint'>;

const LINT_CODES = new Set<unknown>(
  ISSUE_AREAS.filter(({ title }) => title === 'Cross-cluster lint').flatMap(({ codes }) => Object.keys(codes)),
);

/** True if specs or inventories moved since what users configured in the clusters' meshes was judged. */
export function isLintDue(snapshot: Snapshot, memory: Remembered): boolean {
  return snapshot.gns !== undefined && memory.lint?.key !== keyOf(snapshot);
}

/** What was found last: by this process, or by another one that published it. */
export function knownLint({ gns, head }: Snapshot, { lint }: Remembered): readonly Issue[] {
  if (gns === undefined) return [];
  if (lint !== undefined) return lint.issues;
  const published = (head?.catalogIssues ?? []) as (Issue & { code: IssueCode })[];
  return published.filter(({ code }) => LINT_CODES.has(code));
}

/** Judges what users configured in the clusters' meshes, and remembers it. */
export function judge(snapshot: Snapshot, memory: Remembered): readonly Issue[] {
  const { gns, policies, clusters, clusterGroups, inventories } = snapshot;
  const issues = gns === undefined ? [] : lintResources([gns, ...clusters, ...clusterGroups, ...policies], inventories);
  memory.lint = { key: keyOf(snapshot), issues };
  return issues;
}

/** Versions may come again after a restore, but not in one epoch; clusters come and go without a change of a spec. */
function keyOf({ epoch, specVersion, inventoryVersion, inventories, uids }: Snapshot): string {
  return JSON.stringify([epoch, specVersion, inventoryVersion, [...uids.keys()], [...inventories.keys()]]);
}
