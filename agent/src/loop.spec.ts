import { silentLogger, systemClock } from '@isthmus/platform';
import { describe, expect, it } from 'vitest';
import { AgentCore } from './agent-core.js';
import { memoryCluster } from './cluster/memory-cluster.js';
import type { MemoryCluster } from './cluster/memory-cluster.js';
import { ours } from './cluster/contract.fixture.js';
import { oneRound } from './loop.js';
import { agentIssue } from './report/agent-issue.js';
import type { AppliedFrame } from './report/reporter.js';
import { AUDIENCE, PINNED_KEY, signedSync, treeOf } from './sync/signed.fixture.js';
import { memoryStateStore } from './sync/state-store.js';

/** An agent that was sent a policy and a catalog which wants two objects. */
function agentOf(cluster: MemoryCluster): AgentCore {
  const core = new AgentCore({
    identity: {
      ...{
        version: 1,
        org: AUDIENCE.org,
        cluster: { uid: AUDIENCE.cluster, name: 'east' },
        statementKeys: [PINNED_KEY],
      },
      ...{ privateKey: '', certificate: '', ca: '' },
    },
    ...{ cluster, state: memoryStateStore(), clock: systemClock, log: silentLogger() },
    ...{ bootId: 'boot', version: 'spec', agentNamespace: 'isthmus-system' },
    render: () => ({
      ...{ kind: 'objects', keepHosts: new Set(), issues: [] },
      objects: ['a', 'b'].map((name) => ({ side: 'owner', order: 0, object: ours(name) })),
    }),
    gate: { approve: () => undefined, judge: ({ removals }) => ({ go: [...removals], held: [] }) },
  });
  core.heardCentre = true;
  core.lines.receive(signedSync(treeOf('policy')));
  core.lines.receive(signedSync(treeOf('a', 'b'), { line: 'catalog', cluster: undefined }));
  return core;
}

async function reportOf(core: AgentCore): Promise<AppliedFrame[]> {
  await oneRound(core);
  core.names.stop();
  return core.reporter.take();
}

describe('the report of a round', () => {
  it('is PARTIAL when something could not be written', async () => {
    const cluster = memoryCluster();
    cluster.onWrite = (write) => !write.startsWith('apply');
    const [policy] = await reportOf(agentOf(cluster));
    expect(policy).toMatchObject({ state: 'PARTIAL', issues: [{ code: 'ISM0431' }, { code: 'ISM0431' }] });
  });

  it('is APPLIED without issues when everything wanted stands, though a manifest is broken: that is the inventory\u2019s', async () => {
    const cluster = memoryCluster();
    const broken = agentIssue('ISM0411', { path: '', message: 'broken.yaml: no' });
    cluster.reading = { ...cluster.reading, complete: false, issues: [broken] };
    const core = agentOf(cluster);
    const reports = await reportOf(core);
    expect(reports.map(({ line, state, objects, issues }) => ({ line, state, objects, issues }))).toEqual([
      { line: 'policy', state: 'APPLIED', objects: 2, issues: [] },
      { line: 'catalog', state: 'APPLIED', objects: 2, issues: [] },
    ]);
    expect(core.chain.next()).toMatchObject({ complete: false, issues: [broken] });
  });
});
