import type { HoldRecord, InventoryHeadRecord, ResourceRecord, SessionRecord } from '@isthmus/store';
import { inventoryIssues } from '../inventory/inventory-facts.js';
import type { TargetModel } from '../targets/target-model.js';
import { appliedCondition } from './applied-condition.js';
import type { Condition } from './condition.type.js';

/** What is known about a cluster; undefined = nothing was ever heard. */
export interface ClusterFacts {
  cluster: ResourceRecord;
  session: SessionRecord | undefined;
  inventory: InventoryHeadRecord | undefined;
  /** Deletions that wait for a person. */
  holds: readonly HoldRecord[];
  targets: readonly TargetModel[];
}

/** Conditions of a cluster. `Healthy` stays UNKNOWN until somebody measures traffic: a connected agent proves nothing about it. */
export function clusterConditions(facts: ClusterFacts): Condition[] {
  const { cluster, targets } = facts;
  return [
    connected(facts),
    inventoryKnown(facts),
    appliedCondition(targets, cluster.generation),
    {
      type: 'Healthy',
      status: 'UNKNOWN',
      reason: 'NotMeasured',
      message: 'No traffic of this cluster has been measured.',
      observedGeneration: cluster.generation,
    },
  ];
}

function connected({ cluster, session }: ClusterFacts): Condition {
  const about = { type: 'Connected', observedGeneration: cluster.generation };
  if (session?.session === undefined || session.session === 0) {
    return {
      ...about,
      status: 'UNKNOWN',
      reason: 'NeverConnected',
      message: 'No agent of this cluster was ever heard.',
    };
  }
  const seen = { ...about, observedAt: session.lastSeenAt };
  if (session.revokedAt !== undefined) {
    return { ...seen, status: 'FALSE', reason: 'Revoked', message: 'The agent’s identity was revoked.' };
  }
  if (session.quarantine !== undefined) {
    return { ...seen, status: 'FALSE', reason: 'Quarantined', message: session.quarantine };
  }
  if (session.connected) {
    return {
      ...seen,
      status: 'TRUE',
      reason: 'AgentConnected',
      message: `Agent ${session.agentVersion ?? 'of unknown version'} is connected.`,
    };
  }
  const error = session.lastError === undefined ? '' : ` Last error: ${session.lastError}`;
  return { ...seen, status: 'FALSE', reason: 'AgentDisconnected', message: `The agent is not connected.${error}` };
}

function inventoryKnown({ cluster, session, inventory, holds }: ClusterFacts): Condition {
  const about = { type: 'InventoryKnown', observedGeneration: cluster.generation, observedAt: inventory?.observedAt };
  if (inventory === undefined) {
    return {
      ...about,
      status: 'UNKNOWN',
      reason: 'NeverReported',
      message: 'The agent has not reported any inventory.',
    };
  }
  if (session?.connected !== true) {
    return {
      ...about,
      status: 'UNKNOWN',
      reason: 'Stale',
      message: 'The agent is not connected: its last inventory may be out of date.',
    };
  }
  const [first, ...others] = inventoryIssues(inventory.facts).filter(({ severity }) => severity === 'ERROR');
  if (!inventory.complete && first !== undefined) {
    const more = others.length === 0 ? '' : ` (and ${others.length} more; see issues)`;
    const message = `${first.code}: ${first.message}${more}. Nothing is deleted until everything can be read.`;
    return { ...about, status: 'FALSE', reason: 'Degraded', message };
  }
  if (!inventory.complete) {
    return {
      ...about,
      status: 'FALSE',
      reason: 'Partial',
      message: 'The agent has not listed everything yet; nothing is deleted until it has.',
    };
  }
  const held = holds.find(({ kind, approvedAt }) => kind === 'INTAKE' && approvedAt === undefined);
  if (held !== undefined) {
    const message = `${held.count} deletions wait for approval (isthmus get holds); until then what was deleted counts as there.`;
    return { ...about, status: 'FALSE', reason: 'DeletionsHeld', message };
  }
  return { ...about, status: 'TRUE', reason: 'Complete', message: 'The agent has listed everything it can read.' };
}
