import type { KubeObject } from '@isthmus/domain';
import type { KubeClient } from '../client.js';
import { inParallel } from '../in-parallel.js';
import { orThrow } from '../result.js';

const CRD = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };

interface Conditions {
  conditions?: { type: string; status: string }[] | null;
}

/** Applies CRDs and waits until they are served. */
export async function installCrds(client: KubeClient, wanted: readonly KubeObject[]): Promise<void> {
  await inParallel(wanted, 8, async (crd) => orThrow(crd.metadata.name, await client.apply(crd)));
  await inParallel(wanted, 8, ({ metadata: { name } }) => established(client, name));
}

async function established(client: KubeClient, name: string): Promise<void> {
  const end = performance.now() + 30_000;
  while (performance.now() < end) {
    const { status } = orThrow(name, await client.get({ ...CRD, name }));
    const { conditions } = (status ?? {}) as Conditions;
    if (conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name} is not served after 30 s`);
}
