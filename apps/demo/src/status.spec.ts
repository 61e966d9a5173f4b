import { describe, expect, it } from 'vitest';
import { statusRows, type ClusterAnswer } from './status.js';

const LINE = { revision: 3, objectCount: 7, errorCount: 1, warningCount: 1 };

function answer(change: Partial<ClusterAnswer>): ClusterAnswer {
  const target = {
    state: 'ACTIVE' as const,
    globalNamespace: { name: 'bookinfo' },
    wanted: { revision: 3 },
    applied: LINE,
    appliedCatalog: null,
  };
  return {
    name: 'east',
    mesh: { kind: 'istio', version: '1.30' },
    agent: { connected: true, lastSeenAt: null },
    targets: { nodes: [target] },
    ...change,
  };
}

describe('rows of the status table', () => {
  it('claims nothing of a cluster without a target', () => {
    const [row] = statusRows(answer({ targets: { nodes: [] }, agent: null }));
    expect(row).toMatchObject({ wanted: undefined, applied: undefined, issues: undefined, agent: 'never seen' });
  });

  it('claims nothing of what no agent has reported', () => {
    const target = {
      state: 'ACTIVE' as const,
      globalNamespace: null,
      wanted: { revision: null },
      applied: null,
      appliedCatalog: null,
    };
    const [row] = statusRows(answer({ targets: { nodes: [target] } }));
    expect(row).toMatchObject({ globalNamespace: 'deleted', objects: undefined, issues: undefined });
  });

  it('shows no global namespace that the cluster has left', () => {
    const [open] = answer({}).targets.nodes;
    const nodes = open === undefined ? [] : [{ ...open, state: 'CLOSED' as const }];
    expect(statusRows(answer({ targets: { nodes } }))).toMatchObject([{ globalNamespace: '-', wanted: undefined }]);
  });

  it('says since when an agent is not heard', () => {
    const [row] = statusRows(answer({ agent: { connected: false, lastSeenAt: '2026-01-01T00:00:00Z' } }));
    expect(row?.agent).toBe('last seen 2026-01-01T00:00:00Z');
  });

  it('shows the revisions, objects and issues that were reported', () => {
    const [row] = statusRows(answer({}));
    expect(row).toMatchObject({ mesh: 'istio 1.30', wanted: 3, applied: 3, objects: 7, issues: 2 });
  });
});
