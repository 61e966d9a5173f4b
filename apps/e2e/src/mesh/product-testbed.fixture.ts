import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, Product } from '../product/product.fixture.js';
import { KubernetesAgent } from './kubernetes-agent.fixture.js';
import { type ClusterName, CLUSTERS, type ExtraWorkloads, Testbed } from './testbed.fixture.js';

const REMOTE = 'serviceentry/reviews-bookinfo-global-remote';

/** The product over three real clusters: API, worker and gateway as `npm start` runs them, an agent on each apiserver. */
export class ProductTestbed {
  private readonly agents = new Map<ClusterName, KubernetesAgent>();

  private constructor(
    readonly testbed: Testbed,
    readonly product: Product,
    private readonly bundle: string,
  ) {}

  /** Returns when every agent has rendered the topology, and every proxy has it. */
  static async up(extra?: ExtraWorkloads): Promise<ProductTestbed> {
    const [testbed, product] = await Promise.all([Testbed.up(extra), Product.create({}, ['--no-demo'])]);
    try {
      return await ProductTestbed.over(testbed, product);
    } catch (error) {
      await Promise.all([product.remove(), testbed.down()]);
      throw error;
    }
  }

  private static async over(testbed: Testbed, product: Product): Promise<ProductTestbed> {
    await product.start();
    const all = new ProductTestbed(testbed, product, await testbed.bundle('STRICT'));
    const documents = [
      readFile(join(all.bundle, 'bookinfo.yaml'), 'utf8'),
      ...CLUSTERS.map((one) => all.documentOf(one)),
    ];
    await product.apply((await Promise.all(documents)).join('\n---\n'));
    await Promise.all(
      CLUSTERS.map(async (one) => all.agents.set(one, await KubernetesAgent.start(one, product, testbed))),
    );
    const addresses =
      (...wanted: string[]) =>
      (text: string) =>
        wanted.every((address) => text.includes(address));
    await all.inCluster('a', `bookinfo/${REMOTE}`, addresses('10.77.9.12', '10.77.9.22'));
    await all.inCluster('b', `bookinfo/${REMOTE}`, addresses('10.77.9.11'));
    await all.inCluster('c', `isthmus-system/${REMOTE}`, addresses('10.77.9.11', '10.77.9.12', '10.77.9.22'));
    await testbed.acknowledged();
    return all;
  }

  async down(): Promise<void> {
    await Promise.all([...this.agents.values()].map((agent) => agent.stop()));
    await Promise.all([this.product.remove(), this.testbed.down()]);
  }

  /** The command line, as a user calls it; throws with what it said if it fails. */
  async isthmus(...words: string[]): Promise<void> {
    const { code, out, err } = await this.product.isthmus(...words);
    if (code !== 0) throw new Error(`isthmus ${words.join(' ')} ended with ${String(code)}: ${out}${err}`);
  }

  /** `isthmus apply -f` of a file with these documents. */
  async apply(...documents: string[]): Promise<void> {
    const file = join(this.testbed.home, `applied-${randomUUID()}.yaml`);
    await writeFile(file, documents.join('\n---\n'));
    await this.isthmus('apply', '-f', file);
  }

  /**
   * `isthmus delete`, and the approval of what waits: of three small clusters much goes at once, and so a person is asked. Returns when
   * it has gone.
   */
  async remove(resource: readonly [kind: string, name: string], isGone: () => Promise<boolean>): Promise<void> {
    await this.isthmus('delete', ...resource, '--yes');
    await eventually(`the end of ${resource.join(' ')}`, async () => {
      const { out } = await this.product.isthmus('get', 'holds', '-o', 'json');
      const holds = JSON.parse(out) as { id: string }[];
      await Promise.all(holds.map(({ id }) => this.product.isthmus('approve', id, '--yes')));
      return (await isGone()) || undefined;
    });
  }

  /** Plain objects of a cluster, which its people make and Isthmus does not know. */
  async beside(cluster: ClusterName, objects: readonly object[]): Promise<void> {
    const file = join(this.testbed.home, `beside-${randomUUID()}.yaml`);
    await writeFile(file, objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    await this.testbed.cli('kubectl', cluster, 'apply', '-f', file);
  }

  /** The resource of a cluster, as YAML. */
  documentOf(cluster: ClusterName): Promise<string> {
    return readFile(join(this.bundle, 'clusters', cluster, 'cluster.yaml'), 'utf8');
  }

  /** Waits until the object (`namespace/kind/name`) in that cluster satisfies the condition; tells every log if it does not. */
  async inCluster(cluster: ClusterName, object: string, holds: (text: string) => boolean): Promise<void> {
    const [namespace = '', kind = '', name = ''] = object.split('/');
    await eventually(`${object} in ${cluster}`, async () => {
      const text = await this.testbed.cli('kubectl', cluster, '-n', namespace, 'get', kind, name, '-o', 'json');
      return holds(text) || undefined;
    }).catch(async (error: unknown) => {
      throw new Error(`${String(error)}\n${await this.everyLog()}`);
    });
  }

  /** Waits until the cluster has no object of that name (`namespace/kind/name`). */
  async withoutObject(cluster: ClusterName, object: string): Promise<void> {
    const [namespace = '', kind = '', name = ''] = object.split('/');
    await eventually(`no ${object} in ${cluster}`, async () => {
      const names = await this.testbed.cli('kubectl', cluster, '-n', namespace, 'get', kind, '-o', 'name');
      return names.split('\n').every((line) => !line.endsWith(`/${name}`)) || undefined;
    });
  }

  private async everyLog(): Promise<string> {
    const { product, agents } = this;
    const logs = await Promise.all([...agents.values()].map((agent) => agent.log()));
    return [product.output, await product.logs(), ...logs].join('\n');
  }
}
