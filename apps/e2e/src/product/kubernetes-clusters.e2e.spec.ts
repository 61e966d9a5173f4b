import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LABELS, MANAGED_BY } from '@isthmus/domain';
import { connectKube, orThrow, type KubeClient } from '@isthmus/kube';
import { probeKubernetes, real } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Product, eventually } from './product.fixture.js';

const CLUSTERS = ['east', 'west', 'onprem'];
const onKubernetes = await real('kubernetes', probeKubernetes);
let product: Product;

const kubeconfig = (cluster: string, user = 'admin'): string =>
  join(product.dataDir, 'clusters', cluster, 'kubernetes', `${user}.kubeconfig`);

/** Does something in a cluster with every right. */
async function inCluster<T>(cluster: string, act: (client: KubeClient) => Promise<T>): Promise<T> {
  const client = await connectKube({ kubeconfig: kubeconfig(cluster) });
  try {
    return await act(client);
  } finally {
    client.close();
  }
}

/** Hosts of the service entries that the agent made in a cluster, as its apiserver tells them. */
const hosts = (cluster: string): Promise<string[]> =>
  inCluster(cluster, async (client) => {
    const type = orThrow('ServiceEntry', await client.discovery.find('networking.istio.io/v1', 'ServiceEntry'));
    const labelSelector = `${LABELS.managedBy}=${MANAGED_BY}`;
    const { items } = orThrow('service entries', await client.list({ type, labelSelector }));
    return items.flatMap(({ spec }) => (spec as { hosts: string[] }).hosts);
  });

/** An account of the manifests, which a person deletes. */
const CART = { apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'shop', name: 'cart' };

const allApplied = (): Promise<true> =>
  eventually(
    'three applied targets',
    () => {
      const rows = CLUSTERS.map(
        (name) => new RegExp(`${name} +istio 1.30 +bookinfo +(\\d+) +\\1 +\\d+ objects.*connected`),
      );
      return Promise.resolve(rows.every((row) => row.test(product.output)) || undefined);
    },
    120_000,
  ).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\n${product.output}\n${await product.logs()}`);
  });

onKubernetes('npm start on real apiservers, as a user runs it', () => {
  beforeAll(async () => {
    product = await Product.create({}, ['--clusters', 'kubernetes']);
    await product.start();
  });

  afterAll(() => product.remove());

  it('brings three clusters to applied configuration and says how to look at it', async () => {
    await allApplied();
    for (const cluster of CLUSTERS)
      expect(product.output).toContain(`kubectl --kubeconfig ${kubeconfig(cluster)} get serviceentries -A`);
  });

  it('shows the service entries of other clusters through each apiserver', async () => {
    for (const cluster of CLUSTERS)
      await eventually(`hosts in ${cluster}`, async () => {
        const found = await hosts(cluster);
        return (
          ['productpage', 'details', 'ratings'].every((name) => found.includes(`${name}.bookinfo.global`)) || undefined
        );
      });
  });

  it('gives the agent no right that an installation would not give it', async () => {
    const client = await connectKube({ kubeconfig: kubeconfig('east', 'agent') });
    const listed = await client.transport.request({ method: 'GET', path: '/api/v1/namespaces/shop/secrets' });
    client.close();
    expect(!listed.ok && listed.failure.kind).toBe('forbidden');
    const config = JSON.parse(readFileSync(kubeconfig('east', 'agent'), 'utf8')) as { 'current-context': string };
    expect(config['current-context']).toBe('east');
  });

  it('leaves no process behind on Ctrl-C, neither agents nor apiservers nor etcd', async () => {
    await inCluster('east', async (client) => {
      const { uid = '' } = orThrow('cart', await client.get(CART)).metadata;
      orThrow('cart', await client.remove(CART, uid));
    });
    const commands = (await product.processes()).map(({ command }) => command);
    for (const name of ['etcd', 'kube-apiserver', 'agent']) expect(commands.join('\n')).toContain(name);
    expect(await product.stop()).toBe(0);
    expect(await product.processes()).toEqual([]);
  });

  it('refuses to go on with folders where apiservers were', async () => {
    product.launch({ more: ['--clusters', 'directory'] });
    expect(await product.exited()).toBe(1);
    expect(product.output).toContain('ISM0707');
  });

  it('resumes with what people changed in a cluster, and leaves no process behind when it is killed', async () => {
    await product.start();
    await allApplied();
    expect(product.output).not.toContain('demo organization is stored');
    expect(await hosts('east')).toContain('ratings.bookinfo.global');
    expect(await inCluster('east', (client) => client.get(CART))).toMatchObject({ failure: { kind: 'notFound' } });
    product.signal('SIGKILL');
    await product.exited();
    await eventually(
      'the end of every process',
      async () => (await product.processes()).length === 0 || undefined,
      30_000,
    );
  });
});
