import { graphql, type GraphqlEndpoint } from './graphql-client.js';
import { renderStatusTable, type StatusRow } from './status-table.js';

const STATUS = `query Status {
  clusters(first: 100) {
    nodes {
      name
      mesh { kind version }
      agent { connected lastSeenAt }
      targets(first: 100) {
        nodes {
          state
          globalNamespace { name }
          wanted { revision position { root } }
          applied { revision objectCount errorCount warningCount }
          appliedCatalog { objectCount errorCount warningCount }
        }
      }
    }
  }
}`;

interface AppliedAnswer {
  revision?: number | null;
  objectCount: number;
  errorCount: number;
  warningCount: number;
}

interface TargetAnswer {
  state: 'ACTIVE' | 'LEAVING' | 'CLOSED';
  globalNamespace: { name: string } | null;
  wanted: { revision: number | null };
  applied: AppliedAnswer | null;
  appliedCatalog: AppliedAnswer | null;
}

/** One cluster as the API tells it. */
export interface ClusterAnswer {
  name: string;
  mesh: { kind: string; version: string | null };
  agent: { connected: boolean; lastSeenAt: string | null } | null;
  targets: { nodes: TargetAnswer[] };
}

/** The state of every cluster as lines of a table, asked for in one request. */
export async function statusLines(endpoint: GraphqlEndpoint): Promise<string[]> {
  const { clusters } = await graphql<{ clusters: { nodes: ClusterAnswer[] } }>(endpoint, STATUS);
  return renderStatusTable(clusters.nodes.flatMap(statusRows));
}

/** The rows of one cluster: one a global namespace that it has not left, or one that says there is none yet. */
export function statusRows(cluster: ClusterAnswer): StatusRow[] {
  const shared = {
    cluster: cluster.name,
    mesh: [cluster.mesh.kind, cluster.mesh.version ?? ''].join(' ').trim(),
    agent: agentText(cluster.agent),
  };
  const none = { wanted: undefined, applied: undefined, objects: undefined, issues: undefined };
  const open = cluster.targets.nodes.filter(({ state }) => state !== 'CLOSED').sort(byNamespace);
  if (open.length === 0) return [{ ...shared, ...none, globalNamespace: '-' }];
  return open.map((target) => {
    const lines = [target.applied, target.appliedCatalog].filter((line) => line !== null);
    const newest = target.appliedCatalog ?? target.applied;
    return {
      ...shared,
      globalNamespace: target.globalNamespace?.name ?? 'deleted',
      wanted: target.wanted.revision ?? undefined,
      applied: target.applied?.revision ?? undefined,
      objects: newest?.objectCount,
      issues: lines.length === 0 ? undefined : Math.max(...lines.map((line) => line.errorCount + line.warningCount)),
    };
  });
}

function byNamespace(a: TargetAnswer, b: TargetAnswer): number {
  return (a.globalNamespace?.name ?? '').localeCompare(b.globalNamespace?.name ?? '');
}

function agentText(agent: ClusterAnswer['agent']): string {
  if (agent === null) return 'never seen';
  if (agent.connected) return 'connected';
  return agent.lastSeenAt === null ? 'not connected' : `last seen ${agent.lastSeenAt}`;
}
