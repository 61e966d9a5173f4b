import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ResourceInput } from '@isthmus/store';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { acknowledgeRevision, publishRevision } from './revision.fixture.js';
import { ask, tokenWith } from './roles.fixture.js';

const RECORDS = 'auditRecords(first: 100) { nodes { name after } }';
const OF_GNS = `query ($project: String) { globalNamespace(name: "shop", project: $project) {
  revisions { nodes { number ${RECORDS} holders { revision appliedAt target { cluster { name } } } } }
  targets { nodes { cluster { name } ${RECORDS} pendingAuditRecords { nodes { name } } } } } }`;
const OF_CHANGES = `{ auditLog(first: 100) { nodes { name action
  revisions { nodes { number holders { target { cluster { name } } } } } } } }`;

const traffic = (name: string, gns: string, request = '1s'): ResourceInput => ({
  kind: 'TrafficPolicy',
  project: 'payments',
  name,
  spec: { targets: [{ globalNamespace: gns }], timeout: { request } },
});

interface Linked {
  name: string;
  revisions: { nodes: { number: number; holders: { target: { cluster: { name: string } | null } }[] }[] };
}

postgres.suite('what clusters apply and who changed it', () => {
  let api: TestApi;
  let gns = '';
  const clusters = new Map<string, string>();

  const put = async (input: ResourceInput): Promise<string> => {
    const put = await api.store.mutate('default', { actor: 'user:spec', action: 'put' }, (tx) =>
      tx.resources.put(input),
    );
    if (put.outcome === 'conflict') throw new Error(`conflict over ${input.name}`);
    return put.record.uid;
  };
  const all = () => ({ gns, clusters: [...clusters.values()] });
  const publish = (number: number) => publishRevision(api.store, all(), number);
  const acknowledge = (name: string, number: number) =>
    acknowledgeRevision(api.store, { gns, clusters: [clusters.get(name) ?? ''] }, number);
  const query = async (text: string, ...grants: string[]) => {
    const token = grants.length === 0 ? api.tokens.admin : await tokenWith(api.store, 'default', ...grants);
    const { data, errors } = await ask(api.url, token, text, { project: 'payments' });
    return { data, errors };
  };

  beforeAll(async () => {
    api = await startTestApi();
    await put({ kind: 'Project', project: '', name: 'payments', spec: {} });
    for (const name of ['east', 'west', 'apart'])
      clusters.set(name, await put({ kind: 'Cluster', project: '', name, spec: { mesh: { kind: 'istio' } } }));
    clusters.delete('apart');
    const spec = { domain: 'shop.example', members: [{ services: { names: ['cart'] } }] };
    gns = await put({ kind: 'GlobalNamespace', project: 'payments', name: 'shop', spec });
    await publish(1);
    await put(traffic('slow', 'shop'));
    await put(traffic('elsewhere', 'other'));
    await publish(2);
    await put(traffic('slow', 'shop', '2s'));
    await publish(3);
    await acknowledge('east', 3);
    await acknowledge('west', 2);
  });
  afterAll(() => api.close());

  const namesIn = (records: { nodes: { name: string }[] } | null) => records?.nodes.map(({ name }) => name);

  it('is hidden from those who may not read the audit log, and nothing else is', async () => {
    const { data, errors } = await query(OF_GNS, 'Viewer');
    expect(errors).toBeUndefined();
    const { revisions, targets } = data.globalNamespace;
    expect(revisions.nodes.map(({ number }: { number: number }) => number)).toEqual([3, 2, 1]);
    expect(JSON.stringify(revisions)).toContain('"holders":[{"revision":3');
    for (const node of [...revisions.nodes, ...targets.nodes]) expect(node.auditRecords).toBeNull();
  });

  it('is told to auditors of a project without what lies outside of it', async () => {
    const { data, errors } = await query(OF_GNS, 'Auditor@PROJECT:payments');
    expect(errors).toBeUndefined();
    const [third, second, first] = data.globalNamespace.revisions.nodes;
    expect([third, second, first].map((one) => namesIn(one.auditRecords))).toEqual([['slow'], ['slow'], ['shop']]);
  });

  it('is told by revision, with the clusters that hold it', async () => {
    const { data } = await query(OF_GNS);
    const [third, second, first] = data.globalNamespace.revisions.nodes;
    expect(namesIn(third.auditRecords)).toEqual(['slow']);
    expect(third.auditRecords.nodes[0].after.spec.timeout).toEqual({ request: '2s' });
    expect(namesIn(second.auditRecords)).toEqual(['slow']);
    expect(namesIn(first.auditRecords)).toEqual(['shop', 'west', 'east']);
    const holders = (revision: { holders: { revision: number; target: { cluster: { name: string } } }[] }) =>
      revision.holders.map((one) => `${one.target.cluster.name} ${one.revision}`).sort();
    expect(holders(third)).toEqual(['east 3']);
    expect(holders(second)).toEqual(['east 3', 'west 2']);
  });

  it('is told by target: what is applied, and what still has to be', async () => {
    const { data } = await query(OF_GNS);
    const told = data.globalNamespace.targets.nodes.map(
      (one: { cluster: { name: string }; auditRecords: never; pendingAuditRecords: never }) => [
        one.cluster.name,
        namesIn(one.auditRecords),
        namesIn(one.pendingAuditRecords),
      ],
    );
    const held = ['slow', 'slow', 'shop', 'west', 'east'];
    expect(told.sort()).toEqual([
      ['east', held, []],
      ['west', held.slice(1), ['slow']],
    ]);
  });

  it('is told by change: where it went, and nothing of what concerns no global namespace', async () => {
    await api.send('mutation { createApiToken(input: {name: "pipeline", role: VIEWER}) { ok { secret } } }');
    const { data } = await query(OF_CHANGES);
    const where = (name: string) =>
      (data.auditLog.nodes as Linked[])
        .filter((one) => one.name === name)
        .map(({ revisions }) => revisions.nodes.map(({ number, holders }) => `${number} in ${holders.length}`));
    expect(where('slow')).toEqual([['3 in 1'], ['2 in 2']]);
    expect(where('elsewhere')).toEqual([[]]);
    expect(where('apart')).toEqual([[]]);
    expect(where('pipeline')).toEqual([[]]);
  });

  it('is not told of global namespaces that the auditor may not read', async () => {
    const { data, errors } = await query(OF_CHANGES, 'Auditor@PROJECT:search', 'Auditor@PROJECT:default');
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).not.toContain('"number"');
  });
});
