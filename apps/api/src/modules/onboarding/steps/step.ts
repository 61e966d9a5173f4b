import { issue, type Issue, type IssueCode } from '@isthmus/domain';
import type {
  EnrolmentRecord,
  InventoryHeadRecord,
  LineStopRecord,
  RefusalRecord,
  ResourceRecord,
  SessionRecord,
} from '@isthmus/store';
import type { TargetModel } from '../../targets/target-model.js';

export const ONBOARDING_STEPS = [
  'TOKEN_ISSUED',
  'AGENT_SEEN',
  'TLS_OK',
  'RIGHTS_OK',
  'MESH_FOUND',
  'DNS_AND_GATEWAY',
  'FIRST_SYNC',
] as const;
export type StepName = (typeof ONBOARDING_STEPS)[number];

/** WAITING: an earlier step comes first. ACTIVE: it may still come by itself. UNKNOWN: it was so, and nobody hears the agent now. */
export const STEP_STATES = ['DONE', 'ACTIVE', 'FAILED', 'WAITING', 'UNKNOWN'] as const;
export type StepState = (typeof STEP_STATES)[number];

/** What is known of one step. */
export interface Finding {
  state: StepState;
  message: string;
  /** Since when it is so. */
  since?: Date | undefined;
  /** When the fact behind it was observed last. */
  observedAt?: Date | undefined;
  /** What went wrong last, with what to do; also beside DONE, where it does not stand in the way. */
  error?: Issue | undefined;
}

export interface OnboardingStep extends Finding {
  step: StepName;
}

/** Everything that the steps are judged by. */
export interface OnboardingFacts {
  cluster: ResourceRecord;
  session: SessionRecord | undefined;
  /** Newest first. */
  enrolments: readonly EnrolmentRecord[];
  /** Of the cluster, and those that nobody can be told from; newest first. */
  refusals: readonly RefusalRecord[];
  inventory: InventoryHeadRecord | undefined;
  targets: readonly TargetModel[];
  stops: readonly LineStopRecord[];
  now: Date;
}

const done = (message: string, more: Omit<Finding, 'state' | 'message'> = {}): Finding => ({
  ...{ state: 'DONE', message },
  ...more,
});

const failed = (error: Issue, more: Omit<Finding, 'state' | 'message' | 'error'> = {}): Finding => ({
  ...{ state: 'FAILED', message: error.message, error },
  ...more,
});

/** What may still come by itself; once it has taken longer than it should, it counts as failed. */
function pending(
  facts: Pick<OnboardingFacts, 'now'>,
  { since, patienceMs, message, late }: { since: Date; patienceMs: number; message: string; late: Issue },
): Finding {
  const isLate = facts.now.getTime() - since.getTime() >= patienceMs;
  return isLate ? failed(late, { since }) : { state: 'ACTIVE', message, since };
}

/** An issue about the cluster. */
function about({ cluster }: Pick<OnboardingFacts, 'cluster'>, code: IssueCode, message: string): Issue {
  return issue(code, { path: '', message, cluster: cluster.name, resource: { kind: 'Cluster', name: cluster.name } });
}

export const findings = { done, failed, pending, about };
