import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { reportInventory } from './inventory.fixture.js';

const PUT = `mutation ($input: ApplyResourcesInput!) {
  applyResources(input: $input) { ok { issues { code } } error { code issues { code message } } }
}`;

const audit = { actor: 'user:elsewhere', action: 'putResource' };
const cluster = { kind: 'Cluster' as const, project: '', name: 'east' };

const documentOf = (kind: string, name: string, spec: string): string =>
  `apiVersion: isthmus.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`;

const namespaceOf = (name: string, members: string): string =>
  documentOf('GlobalNamespace', name, `{domain: ${name}.example, members: [${members}]}`);

postgres.suite('a change, judged against what is stored', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  const apply = async (documents: string, more: Record<string, unknown> = {}) => {
    const { body } = await api.send(PUT, { input: { documents, ...more } });
    expect(body.errors).toBeUndefined();
    const { ok, error } = body.data.applyResources;
    return ((ok ?? error).issues as { code: string }[]).map(({ code }) => code);
  };

  it('sees what another process has deleted and made since', async () => {
    await apply(documentOf('Cluster', 'east', '{mesh: {kind: istio}}'));
    expect(await apply(namespaceOf('one', '{clusters: {names: [east]}, namespaces: {names: [a]}}'))).not.toContain(
      'ISM0126',
    );
    await api.store.mutate('default', audit, (tx) =>
      tx.resources.delete({ kind: 'GlobalNamespace', project: 'default', name: 'one' }),
    );
    await api.store.mutate('default', audit, (tx) => tx.resources.delete(cluster));
    expect(await apply(namespaceOf('two', '{clusters: {names: [east]}, namespaces: {names: [a]}}'))).toContain(
      'ISM0126',
    );
    await api.store.mutate('default', audit, (tx) =>
      tx.resources.put({ ...cluster, spec: { mesh: { kind: 'istio' } } }),
    );
    expect(await apply(namespaceOf('two', '{clusters: {names: [east]}, namespaces: {names: [a]}}'))).not.toContain(
      'ISM0126',
    );
  });

  it('does not take for stored what was only tried', async () => {
    await apply(documentOf('Cluster', 'west', '{mesh: {kind: istio}}'), { dryRun: true });
    expect(await apply(namespaceOf('three', '{clusters: {names: [west]}, namespaces: {names: [a]}}'))).toContain(
      'ISM0126',
    );
    const both = `${documentOf('Cluster', 'west', '{mesh: {kind: istio}}')}---\n${namespaceOf('three', '{clusters: {names: [wets]}, namespaces: {names: [a]}}')}`;
    expect(await apply(both)).toContain('ISM0126');
    expect(await apply(namespaceOf('three', '{clusters: {names: [west]}, namespaces: {names: [a]}}'))).toContain(
      'ISM0126',
    );
  });

  it('sees what agents have reported since', async () => {
    const claim = (name: string) => namespaceOf(name, '{clusters: {names: [east]}, namespaces: {names: [bookinfo]}}');
    await apply(claim('two'));
    expect(await apply(claim('four'), { dryRun: true })).not.toContain('ISM0114');
    await reportInventory(api, 'east');
    expect(await apply(claim('four'))).toContain('ISM0114');
    await api.store.withTenant('default', async (tx) => {
      const { uid = '' } = (await tx.resources.get(cluster)) ?? {};
      await tx.inventory.forget(uid);
    });
    expect(await apply(claim('four'))).not.toContain('ISM0114');
  });
});
