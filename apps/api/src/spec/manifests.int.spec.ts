import type { KubeObject } from '@isthmus/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { hashToken } from '../auth/api-token.js';
import { newManifestId, seal } from '../modules/manifests/manifest-seal.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const CREATE = `mutation Create($input: CreateAgentManifestInput!) {
  createAgentManifest(input: $input) {
    ok { cluster { name } manifest path fetches expiresAt }
    error { code message issues { code path } }
  }
}`;
const CLUSTER = `apiVersion: isthmus.dev/v1alpha1
kind: Cluster
metadata: {name: east}
spec: {mesh: {kind: istio}}
`;

postgres.suite('manifests that install an agent', () => {
  let api: TestApi;

  beforeAll(async () => {
    const onboarding = { gatewayUrl: 'https://gateway.example:4443', gatewayCa: () => Promise.resolve(PEM) };
    api = await startTestApi({ onboarding });
    const put = await api.send(
      'mutation Apply($documents: String!) { applyResources(input: { documents: $documents }) { ok { changed: __typename } error { message } } }',
      { documents: CLUSTER },
    );
    expect(put.body.data?.applyResources.error).toBeNull();
  });
  afterAll(() => api.close());

  const create = async (input: object, role: 'admin' | 'viewer' = 'admin') =>
    (await api.send(CREATE, { input: { cluster: 'east', ...input } }, role)).body;
  const made = async (input: object = {}) => (await create(input)).data.createAgentManifest.ok;
  const fetchPath = (path: string, method = 'GET') => fetch(`${api.url}${path}`, { method });
  const audits = async (action: string) =>
    (await api.store.withTenant('default', (tx) => tx.audit.list({}, { first: 100 }))).items
      .map(({ record }) => record)
      .filter((row) => row.action === action);

  it('are not made for a viewer, for a cluster that is not registered, or for a token that lives too long', async () => {
    expect((await create({}, 'viewer')).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    expect((await create({ cluster: 'west' })).data.createAgentManifest.error).toMatchObject({ code: 'NOT_FOUND' });
    for (const expiresInMinutes of [0, 1441])
      expect((await create({ expiresInMinutes })).data.createAgentManifest.error).toMatchObject({
        issues: [{ code: 'ISM0506', path: 'expiresInMinutes' }],
      });
  });

  it('are not made of values that no cluster would take; all faults come at once', async () => {
    const { error } = (await create({ namespace: 'A', image: 'x y', httpsProxy: 'http://me:pw@proxy' })).data
      .createAgentManifest;
    expect(error.issues).toEqual([
      { code: 'ISM0533', path: 'namespace' },
      { code: 'ISM0533', path: 'image.repository' },
      { code: 'ISM0533', path: 'proxy.https' },
    ]);
  });

  it('carry gateway, CA, a token that is stored as a hash, and what was asked for', async () => {
    const ok = await made({
      namespace: 'mesh-agents',
      image: 'registry.example/agent:1',
      httpsProxy: 'http://proxy:3128',
    });
    expect(ok).toMatchObject({ cluster: { name: 'east' }, path: null, fetches: null });
    const objects = parseAllDocuments(ok.manifest).map((document) => document.toJS() as KubeObject);
    const secret = objects.find(({ metadata }) => metadata.name === 'isthmus-agent-token') as unknown as {
      data: { token: string };
    };
    const token = Buffer.from(secret.data.token, 'base64').toString();
    expect(token).toMatch(/^isthe_[\w-]{43}$/);
    const deployment = JSON.stringify(objects.find(({ kind }) => kind === 'Deployment'));
    for (const text of ['https://gateway.example:4443', 'registry.example/agent:1', 'http://proxy:3128'])
      expect(deployment).toContain(text);
    expect(
      objects.every(({ kind, metadata }) => metadata.namespace === 'mesh-agents' || /^Cluster|^Namespace/.test(kind)),
    ).toBe(true);
    expect(JSON.stringify(await audits('createAgentManifest'))).not.toContain(token);
  });

  it('are answered at their path three times, then never again; the token stays unused', async () => {
    const { path, manifest, fetches } = await made({ byUrl: true });
    expect([manifest, fetches]).toEqual([null, 3]);
    const texts = [];
    for (let time = 0; time < 3; time += 1) {
      const answer = await fetchPath(path);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/yaml; charset=utf-8']);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      texts.push(await answer.text());
    }
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('kind: Deployment');
    const gone = await fetchPath(path);
    expect([gone.status, gone.statusText, await gone.text()]).toEqual([
      410,
      'ISM0531 it was fetched as often as it may be',
      expect.stringContaining('isthmus cluster onboard NAME --url'),
    ]);
    const used = await api.store.withTenant('default', (tx) =>
      tx.resources.get({ kind: 'Cluster', project: '', name: 'east' }),
    );
    const tokens = await api.store.withTenant('default', (tx) => tx.enrolments.list(used?.uid ?? ''));
    expect(tokens.every(({ usedAt }) => usedAt === undefined)).toBe(true);
    expect(await audits('fetchAgentManifest')).toHaveLength(3);
  });

  it('are gone once their time is over', async () => {
    const id = newManifestId();
    const over = { cluster: 'c', idHash: hashToken(id), sealed: seal(id, 'text'), reads: 3, expiresAt: new Date() };
    await api.store.withTenant('default', (tx) => tx.manifests.create(over));
    const answer = await fetchPath(`/v1/manifests/${id}`);
    expect([answer.status, answer.statusText]).toEqual([410, 'ISM0531 its time is over']);
  });

  it.each(['/v1/manifests/', '/v1/manifests/x', `/v1/manifests/isthm_${'A'.repeat(43)}`, '/v1/manifests/..%2f'])(
    'are not found at %s',
    async (path) => {
      const answer = await fetchPath(path);
      expect([answer.status, answer.statusText]).toEqual([404, 'ISM0530 there is no manifest of this id']);
    },
  );

  it('are given to GET alone; other methods use nothing up', async () => {
    const { path } = await made({ byUrl: true });
    for (const method of ['HEAD', 'POST', 'DELETE']) expect((await fetchPath(path, method)).status).toBe(405);
    for (let time = 0; time < 3; time += 1) expect((await fetchPath(path)).status).toBe(200);
  });

  it('are kept from an address that guesses', async () => {
    const statuses = [];
    for (let time = 0; time < 70; time += 1) statuses.push((await fetchPath('/v1/manifests/guess')).status);
    expect(statuses.at(-1)).toBe(429);
  });
});
