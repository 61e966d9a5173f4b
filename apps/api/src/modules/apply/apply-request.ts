import type { ResourceKey } from '@isthmus/store';
import type { Issue } from '@isthmus/domain';
import type { Preview } from '../../preview/preview.js';
import type { DesiredResource } from './desired.js';

/** Everything that one mutation of resources asks for. */
export interface ApplyRequest {
  /** As audit rows name it. */
  action: string;
  puts: readonly DesiredResource[];
  deletes: readonly { key: ResourceKey; expectedVersion?: string }[];
  /** Deletes what carries all of these labels and is not among the puts. */
  prune?: Readonly<Record<string, string>>;
  dryRun: boolean;
  idempotencyKey?: string;
  /** What the key stands for: the whole input. */
  input: unknown;
  locate?: (issue: Issue) => Issue;
  /** Found before: told with the outcome. */
  issues?: readonly Issue[];
}

export type ChangeOutcome = 'CREATED' | 'UPDATED' | 'UNCHANGED' | 'DELETED';

/** What became of one resource; plain data. */
export interface ResourceChange extends ResourceKey {
  outcome: ChangeOutcome;
  /** Undefined where nothing is stored under it: a dry run's creation. */
  uid?: string;
}

/** What was done, or would be; what was done is plain data, so that it can be kept for replays. */
export interface ApplyOk {
  dryRun: boolean;
  changes: ResourceChange[];
  /** Warnings and information; errors are failures. */
  issues: Issue[];
  /** Of dry runs only. */
  preview?: Preview;
}
