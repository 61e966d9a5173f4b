import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { reportInventory } from './inventory.fixture.js';

const PUT = (kind: string) => `mutation ($input: PutResourceInput!) { put${kind}(input: $input) {
  ok { dryRun changes { outcome resource { id resourceVersion generation } } issues { code }
    preview { unknownClusters clusters { cluster added changed removed truncated objects { change kind namespace name diff } issues { code } } } }
  error { code message issues { code path message hint } current { name resourceVersion } } } }`;
const APPLY = `mutation ($input: ApplyResourcesInput!) { applyResources(input: $input) {
  ok { changes { outcome kind name } issues { code } }
  error { code message issues { code path message source { file line column } } current { name } } } }`;

const cluster = (name: string) => ({
  name,
  spec: {
    mesh: { kind: 'istio', version: '1.30' },
    network: name,
    locality: 'r/z',
    podCIDRs: ['10.1.0.0/16'],
    serviceCIDRs: ['10.2.0.0/16'],
    gateways: [{ address: `10.0.0.${name.length}` }],
  },
});
const gns = {
  name: 'bookinfo',
  spec: { domain: 'bookinfo.global', members: [{ namespaces: { names: ['bookinfo'] } }] },
};

postgres.suite('changes of resources', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  const put = async (kind: string, input: Record<string, unknown>, role: 'editor' | 'admin' = 'editor') => {
    const { body } = await api.send(PUT(kind), { input }, role);
    expect(body.errors).toBeUndefined();
    return body.data[`put${kind}`];
  };
  const apply = async (input: Record<string, unknown>) => {
    const { body } = await api.send(APPLY, { input }, 'editor');
    expect(body.errors).toBeUndefined();
    return body.data.applyResources;
  };
  const names = async (): Promise<string[]> => {
    const { body } = await api.send('{ resources(first: 100) { nodes { kind name } } }');
    return body.data.resources.nodes.map(({ kind, name }: { kind: string; name: string }) => `${kind}/${name}`);
  };

  it.each([
    '',
    ' ',
    '../../etc/passwd',
    'a/b',
    'UPPER',
    'a\nb',
    'a\u0000b',
    '-a',
    'a'.repeat(64),
    'ｅast',
    'east\u202e',
    '{{x}}',
    '__proto__',
    "'; DROP TABLE resource; --",
  ])('refuse the name %j with its field', async (name) => {
    const { error } = await put('Project', { name, spec: {} });
    expect(error.code).toBe('INVALID');
    expect(error.issues.map(({ path }: { path: string }) => path)).toContain('metadata.name');
    expect(await names()).toEqual(['Project/default']);
  });

  it('collect every fault of a spec, each with its field', async () => {
    const { error } = await put('GlobalNamespace', {
      name: 'shop',
      spec: { domain: 'NOT A DOMAIN', members: [{}], vipCIDR: '10.0.0.1/8', colour: 'red' },
    });
    expect(error.issues.length).toBeGreaterThanOrEqual(4);
    for (const issue of error.issues)
      expect(issue).toMatchObject({ code: expect.stringMatching(/^ISM\d{4}$/), path: expect.stringMatching(/^spec/) });
  });

  it('refuse a project that does not exist', async () => {
    const { error } = await put('GlobalNamespace', { ...gns, project: 'nowhere' });
    expect(error.issues[0].code).toBe('ISM0128');
  });

  it('refuse documents past the limit', async () => {
    const { error } = await apply({ documents: `# ${'x'.repeat(8 * 1024 * 1024)}` });
    expect(error.issues).toMatchObject([{ code: 'ISM0504' }]);
  });

  it('refuse documents without any resource', async () => {
    for (const documents of ['', '# nothing', '---\n---\n', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n']) {
      const { error } = await apply({ documents });
      expect(error.issues.map(({ code }: { code: string }) => code)).toContain('ISM0500');
    }
  });

  it('refuse both or none of documents and files', async () => {
    for (const input of [{}, { documents: '', files: [] }]) {
      expect((await api.send(APPLY, { input })).body.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });

  it('store nothing of a set in which one is wrong, and say where it stands', async () => {
    const files = [
      {
        path: 'good.yaml',
        text: 'apiVersion: isthmus.dev/v1alpha1\nkind: Project\nmetadata: {name: good}\nspec: {}\n',
      },
      {
        path: 'team/bad.yaml',
        text: 'apiVersion: isthmus.dev/v1alpha1\nkind: EncryptionPolicy\nmetadata: {name: bad}\nspec:\n  targets: [{globalNamespace: nowhere}]\n  mode: STRICT\n',
      },
    ];
    const { error } = await apply({ files });
    expect(error.issues).toMatchObject([
      { code: 'ISM0111', path: 'spec.targets[0].globalNamespace', source: { file: 'team/bad.yaml', line: 5 } },
    ]);
    expect(await names()).toEqual(['Project/default']);
  });

  it('show what a change would do in each cluster, and change nothing', async () => {
    for (const name of ['east', 'west']) expect((await put('Cluster', cluster(name))).error).toBeNull();
    const blind = await put('GlobalNamespace', { ...gns, dryRun: true });
    expect(blind.ok.preview.unknownClusters).toEqual(['east', 'west']);
    for (const name of ['east', 'west']) await reportInventory(api, name);
    const { ok } = await put('GlobalNamespace', { ...gns, dryRun: true });
    expect(ok).toMatchObject({ dryRun: true, changes: [{ outcome: 'CREATED', resource: null }] });
    expect(ok.preview.unknownClusters).toEqual([]);
    expect(ok.preview.clusters.map((one: { cluster: string }) => one.cluster)).toEqual(['east', 'west']);
    const { objects, added } = ok.preview.clusters[0];
    expect(added).toBe(objects.length);
    expect(objects.map(({ kind }: { kind: string }) => kind)).toContain('ServiceEntry');
    expect(objects[0].diff).toMatch(/^--- \/dev\/null\n\+\+\+ b\//);
    expect(await names()).not.toContain('GlobalNamespace/bookinfo');
  });

  it('store what is right, with an audit row and work for the compiler', async () => {
    const { ok } = await put('GlobalNamespace', { ...gns, mustNotExist: true });
    expect(ok.changes).toMatchObject([{ outcome: 'CREATED', resource: { generation: 1 } }]);
    const { body } = await api.send('{ auditLog(first: 1) { nodes { action actor name before after requestId ip } } }');
    expect(body.data.auditLog.nodes[0]).toMatchObject({
      action: 'putGlobalNamespace',
      name: 'bookinfo',
      before: null,
      after: { spec: { domain: 'bookinfo.global' } },
      ip: '127.0.0.1',
    });
    const claimed = await api.store.withTenant('default', (tx) => tx.outbox.claim({ limit: 100, leaseMs: 1 }));
    expect(claimed.map(({ ids }) => ids['name'])).toContain('bookinfo');
  });

  it('show only what differs of a policy', async () => {
    const { ok } = await put('EncryptionPolicy', {
      name: 'strict',
      spec: { targets: [{ globalNamespace: 'bookinfo' }], mode: 'STRICT' },
      dryRun: true,
    });
    const [east] = ok.preview.clusters;
    expect(east.added + east.changed + east.removed).toBeGreaterThan(0);
    expect(JSON.stringify(east.objects)).toContain('STRICT');
    expect(JSON.stringify(east.objects)).not.toContain('content-hash');
  });

  it('answer a conflict with what is there now', async () => {
    const { ok } = await put('Project', { name: 'team', spec: { description: 'one' } });
    const { resourceVersion } = ok.changes[0].resource;
    expect(
      (await put('Project', { name: 'team', spec: { description: 'two' }, expectedVersion: resourceVersion })).error,
    ).toBeNull();
    const { error } = await put('Project', {
      name: 'team',
      spec: { description: 'three' },
      expectedVersion: resourceVersion,
    });
    expect(error).toMatchObject({
      code: 'CONFLICT',
      issues: [{ code: 'ISM0501', path: 'metadata.resourceVersion' }],
      current: { name: 'team' },
    });
    expect(error.current.resourceVersion).not.toBe(resourceVersion);
    expect((await put('Project', { name: 'team', spec: {}, mustNotExist: true })).error.code).toBe('CONFLICT');
    expect((await put('Project', { name: 'gone', spec: {}, expectedVersion: '1' })).error).toMatchObject({
      code: 'CONFLICT',
      current: null,
    });
  });

  it('create nothing where one of several names is taken, and tell of all that are', async () => {
    const doc = (name: string, more = ''): string =>
      `apiVersion: isthmus.dev/v1alpha1\nkind: Project\nmetadata: { name: ${name}${more} }\nspec: {}\n`;
    const all = (...documents: string[]): string => documents.join('---\n');
    for (const dryRun of [true, false]) {
      const { ok, error } = await apply({
        documents: all(doc('fresh'), doc('team'), doc('default')),
        mustNotExist: true,
        dryRun,
      });
      expect([ok, error.code, error.current.name]).toEqual([null, 'CONFLICT', 'team']);
      expect(error.message).toBe('2 of them are there already; nothing was changed');
      expect(error.issues).toMatchObject([
        { code: 'ISM0556', path: 'metadata.name', source: { line: 8 }, message: 'Project team is there already' },
        { code: 'ISM0556', path: 'metadata.name', source: { line: 13 }, message: 'Project default is there already' },
      ]);
    }
    expect(await names()).not.toContain('Project/fresh');
    const versioned = await apply({ documents: doc('fresh', ', resourceVersion: "1"'), mustNotExist: true });
    expect(versioned.error).toMatchObject({ code: 'INVALID', issues: [{ code: 'ISM0557', source: { line: 3 } }] });
    const { ok } = await apply({ documents: all(doc('fresh'), doc('fresher')), mustNotExist: true });
    expect(ok.changes).toMatchObject([{ outcome: 'CREATED' }, { outcome: 'CREATED' }]);
    expect((await apply({ documents: doc('fresh'), mustNotExist: false })).ok.changes[0].outcome).toBe('UNCHANGED');
  });

  it('let one of several through that create the same at once', async () => {
    const documents = 'apiVersion: isthmus.dev/v1alpha1\nkind: Project\nmetadata: { name: only-one }\nspec: {}\n';
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => apply({ documents, mustNotExist: true })));
    expect(outcomes.filter(({ error }) => error === null)).toHaveLength(1);
    expect(outcomes.filter(({ error }) => error?.code === 'CONFLICT')).toHaveLength(3);
  });

  it('let one of several writers of the same version through', async () => {
    const { ok } = await put('Project', { name: 'race', spec: {} });
    const { resourceVersion } = ok.changes[0].resource;
    const outcomes = await Promise.all(
      ['a', 'b', 'c', 'd'].map((description) =>
        put('Project', { name: 'race', spec: { description }, expectedVersion: resourceVersion }),
      ),
    );
    expect(outcomes.filter(({ error }) => error === null)).toHaveLength(1);
    expect(outcomes.filter(({ error }) => error?.code === 'CONFLICT')).toHaveLength(3);
  });

  it('are done once for one idempotency key', async () => {
    const input = { name: 'once', spec: {}, mustNotExist: true, idempotencyKey: 'run-1' };
    const both = await Promise.all([put('Project', input), put('Project', input)]);
    for (const { ok } of [...both, await put('Project', input)])
      expect(ok.changes).toMatchObject([{ outcome: 'CREATED' }]);
    expect((await put('Project', { ...input, spec: { description: 'other' } })).error).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      issues: [{ code: 'ISM0503' }],
    });
    expect((await put('Project', { ...input, idempotencyKey: 'a b' })).error.issues[0].code).toBe('ISM0506');
  });

  it('refuse a key of labels that is given twice', async () => {
    const labels = [
      { name: 'a', value: 'b' },
      { name: 'a', value: 'c' },
    ];
    const { error } = await put('Project', { name: 'twice', spec: {}, labels, annotations: labels });
    expect(error.issues.map(({ code, path }: { code: string; path: string }) => [code, path])).toEqual([
      ['ISM0516', 'metadata.annotations["a"]'],
      ['ISM0516', 'metadata.labels["a"]'],
    ]);
    const documents =
      'apiVersion: isthmus.dev/v1alpha1\nkind: Project\nmetadata: {name: p, labels: {a: c}}\nspec: {}\n';
    expect((await apply({ documents, prune: { labels } })).error.issues).toMatchObject([
      { code: 'ISM0516', path: 'prune.labels["a"]' },
    ]);
  });

  it('prune what carries the labels and is not there any more, and nothing else', async () => {
    const document = (name: string, labels = '{set: demo}') =>
      `apiVersion: isthmus.dev/v1alpha1\nkind: Project\nmetadata: {name: ${name}, labels: ${labels}}\nspec: {}\n`;
    const prune = { labels: [{ name: 'set', value: 'demo' }] };
    expect((await apply({ documents: document('p1'), prune: { labels: [] } })).error.issues[0].code).toBe('ISM0505');
    expect((await apply({ documents: document('p1', '{}'), prune })).error.issues[0].code).toBe('ISM0508');
    await apply({ documents: `${document('p1')}---\n${document('p2')}`, prune });
    const { ok } = await apply({ documents: document('p1'), prune });
    expect(ok.changes).toEqual([
      { outcome: 'UNCHANGED', kind: 'Project', name: 'p1' },
      { outcome: 'DELETED', kind: 'Project', name: 'p2' },
    ]);
    expect(await names()).toEqual(expect.arrayContaining(['Project/p1', 'Project/team', 'GlobalNamespace/bookinfo']));
  });

  it('refuse to delete what others need, and what is not there', async () => {
    const remove = async (input: Record<string, unknown>) =>
      (
        await api.send(
          'mutation ($input: DeleteResourceInput!) { deleteResource(input: $input) { ok { changes { outcome resource { id } } } error { code issues { code path message } } } }',
          { input },
        )
      ).body.data.deleteResource;
    expect((await remove({ kind: 'Project', name: 'default' })).error).toMatchObject({
      code: 'REFUSED',
      issues: [{ code: 'ISM0509' }],
    });
    await put('GlobalNamespace', {
      name: 'inner',
      project: 'p1',
      spec: { domain: 'inner.global', members: [{ namespaces: { names: ['inner'] } }] },
    });
    expect((await remove({ kind: 'Project', name: 'p1' })).error).toMatchObject({
      code: 'INVALID',
      issues: [{ code: 'ISM0515', path: 'metadata.project', message: 'GlobalNamespace inner still names Project/p1' }],
    });
    expect((await remove({ kind: 'Project', name: 'nothing' })).error).toMatchObject({
      code: 'NOT_FOUND',
      issues: [{ code: 'ISM0502' }],
    });
    expect((await remove({ kind: 'Project', name: 'team', expectedVersion: '1' })).error.code).toBe('CONFLICT');
    expect((await remove({ kind: 'Project', name: 'team' })).ok.changes).toEqual([
      { outcome: 'DELETED', resource: null },
    ]);
  });

  it('page through a list once each, by any order, while it changes', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { body } = await api.send(
        'query ($after: String) { projects(first: 2, after: $after, orderBy: {field: NAME, direction: DESC}) { nodes { name } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      seen.push(...body.data.projects.nodes.map(({ name }: { name: string }) => name));
      const { hasNextPage, endCursor }: { hasNextPage: boolean; endCursor: string } = body.data.projects.pageInfo;
      after = hasNextPage ? endCursor : null;
    } while (after !== null);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect(seen).toContain('once');
  });

  it('find an object again by its id', async () => {
    const { body } = await api.send(
      '{ cluster(name: "east") { id } globalNamespace(name: "bookinfo") { id } organization { id } }',
    );
    for (const { id } of Object.values<{ id: string }>(body.data)) {
      expect((await api.send('query ($id: ID!) { node(id: $id) { id } }', { id })).body.data.node).toEqual({ id });
    }
  });

  it('show a cluster whose agent is connected as what is known of it', async () => {
    const { body } = await api.send(
      '{ cluster(name: "east") { agent { connected freshness { state } } inventory { complete namespaces { nodes { name services { name ports { number } } workloads { serviceAccount } } } } conditions { type status reason } } }',
    );
    expect(body.data.cluster.inventory.namespaces.nodes).toEqual([
      {
        name: 'bookinfo',
        services: [{ name: 'reviews', ports: [{ number: 9080 }] }],
        workloads: [{ serviceAccount: 'reviews' }],
      },
    ]);
    expect(body.data.cluster.conditions).toEqual([
      { type: 'Connected', status: 'TRUE', reason: 'AgentConnected' },
      { type: 'InventoryKnown', status: 'TRUE', reason: 'Complete' },
      { type: 'Applied', status: 'UNKNOWN', reason: 'NoTargets' },
      { type: 'Healthy', status: 'UNKNOWN', reason: 'NotMeasured' },
      { type: 'Onboarded', status: 'TRUE', reason: 'Ready' },
    ]);
  });

  it('say once that the clock of a cluster is off, with its step', async () => {
    const { uid } = (await api.send('{ cluster(name: "east") { uid } }')).body.data.cluster;
    const steps = async (clockSkewMs: number) => {
      const hello = {
        cluster: uid,
        gatewayId: 'g',
        clusterUid: 'east',
        agentVersion: '1',
        address: '::1',
        clockSkewMs,
      };
      await api.store.withTenant('default', (tx) => tx.sessions.connect(hello));
      const read = await api.send(
        '{ cluster(name: "east") { onboarding { steps { step state lastError { code message } } } issues { code } } }',
      );
      return JSON.stringify(read.body.data.cluster);
    };
    expect(await steps(299_000)).not.toContain('ISM0539');
    const said = await steps(-420_000);
    expect(said.split('ISM0539')).toHaveLength(2);
    expect(said).toContain('The clock of the cluster is 7 minutes behind.');
    await steps(0);
  });

  it('make an enrolment token that only its cluster can use, and show it once', async () => {
    const make = async (input: Record<string, unknown>) =>
      (
        await api.send(
          'mutation ($input: CreateEnrolmentTokenInput!) { createEnrolmentToken(input: $input) { ok { secret expiresAt gatewayUrl gatewayCa installCommand cluster { name enrolments { usedAt } } } error { code issues { code path } } } }',
          { input },
        )
      ).body.data.createEnrolmentToken;
    expect((await make({ cluster: 'nowhere' })).error.code).toBe('NOT_FOUND');
    for (const expiresInMinutes of [0, 1441])
      expect((await make({ cluster: 'east', expiresInMinutes })).error.issues).toMatchObject([{ code: 'ISM0506' }]);
    const { ok } = await make({ cluster: 'east' });
    expect(ok).toMatchObject({
      gatewayUrl: 'https://gateway.example:4443',
      gatewayCa: 'PEM',
      cluster: { name: 'east', enrolments: [{ usedAt: null }] },
    });
    expect(ok.installCommand).toContain(ok.secret);
    const { body } = await api.send('{ auditLog(first: 100) { nodes { before after } } }');
    expect(JSON.stringify(body)).not.toContain(ok.secret);
  });

  it('cut off, re-admit and forget a cluster by its id only', async () => {
    const act = async (name: string, clusterId: string) =>
      (
        await api.send(
          `mutation ($id: ID!) { ${name}(input: {clusterId: $id}) { ok { cluster { agent { revokedAt } inventory { complete } } } error { code } } }`,
          { id: clusterId },
        )
      ).body.data[name];
    const { id } = (await api.send('{ cluster(name: "west") { id } }')).body.data.cluster;
    expect((await act('revokeCluster', 'west')).error.code).toBe('NOT_FOUND');
    expect((await act('revokeCluster', id)).ok.cluster.agent.revokedAt).not.toBeNull();
    expect((await act('resetCluster', id)).ok.cluster.agent.revokedAt).toBeNull();
    expect((await act('forgetCluster', id)).error.code).toBe('REFUSED');
    const { uid } = (await api.send('{ cluster(name: "west") { uid } }')).body.data.cluster;
    const session = await api.store.withTenant('default', (tx) => tx.sessions.get(uid));
    await api.store.withTenant('default', (tx) => tx.sessions.disconnect(uid, session?.session ?? 0));
    expect((await act('forgetCluster', id)).ok.cluster.inventory).toBeNull();
  });

  it('let a cluster leave, stay after all, and be evicted; only then its record may go', async () => {
    const acted = async (name: string, clusterId: string) =>
      (
        await api.send(
          `mutation ($id: ID!) { ${name}(input: {clusterId: $id}) { ok { cluster { departure { phase by } conditions { type } } } error { code issues { code } } } }`,
          { id: clusterId },
        )
      ).body.data[name];
    await api.send('mutation ($d: String!) { applyResources(input: {documents: $d}) { error { message } } }', {
      d: 'apiVersion: isthmus.dev/v1alpha1\nkind: Cluster\nmetadata: {name: short-lived}\nspec: {mesh: {kind: istio}}\n',
    });
    const { id, uid, resourceVersion } = (await api.send('{ cluster(name: "short-lived") { id uid resourceVersion } }'))
      .body.data.cluster;
    await api.store.withTenant('default', (tx) =>
      tx.sessions.connect({ cluster: uid, gatewayId: 'g', clusterUid: 'u', agentVersion: '1', address: '192.0.2.1' }),
    );
    const remove = async () =>
      (
        await api.send(
          'mutation ($v: String!) { deleteResource(input: {kind: Cluster, name: "short-lived", expectedVersion: $v}) { ok { changes { outcome } } error { code issues { code } } } }',
          { v: resourceVersion },
        )
      ).body.data.deleteResource;
    expect((await remove()).error).toEqual({ code: 'REFUSED', issues: [{ code: 'ISM0545' }] });
    const left = await acted('leaveCluster', id);
    expect(left.ok.cluster.departure.phase).toBe('LEAVING');
    expect(left.ok.cluster.conditions).toContainEqual({ type: 'Leaving' });
    expect((await acted('leaveCluster', id)).ok.cluster.departure.phase).toBe('LEAVING');
    expect((await acted('cancelClusterLeave', id)).ok.cluster.departure.phase).toBe('MEMBER');
    expect((await acted('evictCluster', id)).ok.cluster.conditions).toContainEqual({ type: 'Evicted' });
    expect((await acted('leaveCluster', id)).error).toEqual({ code: 'REFUSED', issues: [{ code: 'ISM0546' }] });
    expect(await api.store.withTenant('default', (tx) => tx.sessions.get(uid))).toMatchObject({
      revokedAt: expect.any(Date) as Date,
    });
    expect((await remove()).ok.changes).toEqual([{ outcome: 'DELETED' }]);
  });

  it('approve held deletions only as they were shown', async () => {
    const { uid } = (await api.send('{ cluster(name: "east") { uid } }')).body.data.cluster;
    const setHash = 'a'.repeat(64);
    await api.store.withTenant('default', (tx) =>
      tx.holds.hold({ cluster: uid, kind: 'INTAKE', setHash, items: ['namespace/bookinfo'] }),
    );
    const [hold] = (
      await api.send('{ holds { nodes { id kind count heldSetHash items approvedAt viewerCanApprove } } }')
    ).body.data.holds.nodes;
    const told = async () =>
      (
        await api.send(
          '{ issues(filter: {codes: ["ISM0434"]}) { nodes { cluster message hint } } cluster(name: "east") { issues { code } } }',
        )
      ).body.data;
    expect(await told()).toMatchObject({
      issues: { nodes: [{ cluster: 'east', hint: `isthmus approve ${String(hold.id)}` }] },
      cluster: { issues: expect.arrayContaining([{ code: 'ISM0434' }]) as unknown[] },
    });
    const approve = async (heldSetHash: string) =>
      (
        await api.send(
          'mutation ($input: ApprovePruneInput!) { approvePrune(input: $input) { ok { approvedBy } error { code issues { code } } } }',
          { input: { holdId: hold.id, heldSetHash } },
        )
      ).body.data.approvePrune;
    expect(hold).toMatchObject({
      kind: 'INTAKE',
      count: 1,
      heldSetHash: setHash,
      items: ['namespace/bookinfo'],
      approvedAt: null,
      viewerCanApprove: true,
    });
    expect((await approve('b'.repeat(64))).error).toMatchObject({ code: 'CONFLICT', issues: [{ code: 'ISM0507' }] });
    const approvals = async (): Promise<number> =>
      (await api.send('{ auditLog(first: 100) { nodes { action } } }')).body.data.auditLog.nodes.filter(
        ({ action }: { action: string }) => action === 'approvePrune',
      ).length;
    expect((await approve(setHash)).ok.approvedBy).toMatch(/^token:/);
    const before = await approvals();
    expect((await approve(setHash)).ok.approvedBy).toMatch(/^token:/);
    expect(await approvals()).toBe(before);
    expect((await told()).issues.nodes).toEqual([]);
  });
});
