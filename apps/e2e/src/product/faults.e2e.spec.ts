import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product, eventually } from './product.fixture.js';

const CLUSTERS = ['east', 'west', 'onprem'];
let product: Product;

const setMode = (mode: string): Promise<void> =>
  product.apply(
    `apiVersion: isthmus.dev/v1alpha1\nkind: EncryptionPolicy\nmetadata: {name: bookinfo-strict}\nspec: {targets: [{globalNamespace: bookinfo}], mode: ${mode}}`,
  );

const modeEverywhere = (mode: string): Promise<true> =>
  eventually(`${mode} everywhere`, async () => {
    const texts = await Promise.all(CLUSTERS.map((cluster) => product.rendered(cluster)));
    return texts.every((text) => text.includes(`mode: ${mode}`)) || undefined;
  }).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\n${product.output}\n${await product.logs()}`);
  });

async function killPostgres(): Promise<void> {
  const postgres = (await product.processes()).find(({ command }) => /bin\/postgres .*-D/.test(command));
  if (postgres === undefined) throw new Error('Postgres does not run');
  process.kill(postgres.pid, 'SIGQUIT');
}

beforeAll(async () => {
  product = await Product.create();
  await product.start();
  await modeEverywhere('STRICT');
});

afterAll(async () => {
  await product.remove();
});

describe('convergence through faults', () => {
  it('carries a change that was made right before the worker was killed', async () => {
    await setMode('PERMISSIVE');
    await product.kill('worker');
    await modeEverywhere('PERMISSIVE');
  });

  it('carries a change that was made right before the API and its gateway were killed', async () => {
    await setMode('STRICT');
    await product.kill('api');
    await modeEverywhere('STRICT');
  });

  it('carries a change that was made right before Postgres was killed', async () => {
    await setMode('PERMISSIVE');
    await killPostgres();
    await modeEverywhere('PERMISSIVE');
  });

  it('takes changes again after all of that, and every cluster holds what is wanted', async () => {
    await eventually('an accepted change', () => setMode('STRICT').then(() => true as const));
    await modeEverywhere('STRICT');
    const query = '{ clusters(first: 10) { nodes { name targets(first: 10) { nodes { inSync status } } } } }';
    type Answer = {
      clusters: { nodes: { name: string; targets: { nodes: { inSync: boolean; status: string }[] } }[] };
    };
    await eventually('targets in sync', async () => {
      const { clusters } = await product.graphql<Answer>(query);
      const targets = clusters.nodes.flatMap((cluster) => cluster.targets.nodes);
      return (
        (targets.length === 3 && targets.every(({ inSync, status }) => inSync && status === 'APPLIED')) || undefined
      );
    });
  });

  it('has an audit row for every change that it acknowledged', async () => {
    const { auditLog } = await product.graphql<{ auditLog: { nodes: { action: string }[] } }>(
      '{ auditLog(first: 50) { nodes { action } } }',
    );
    expect(auditLog.nodes.filter(({ action }) => action === 'applyResources').length).toBeGreaterThanOrEqual(5);
  });

  it('logs in JSON lines', async () => {
    const lines = (await readFile(join(product.dataDir, 'logs', 'worker.log'), 'utf8'))
      .split('\n')
      .filter((line) => line !== '');
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });
});
