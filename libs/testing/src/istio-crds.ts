import type { KubeObject } from '@isthmus/domain';
import { connectKube, inParallel, orThrow } from '@isthmus/kube';
import { parseAllDocuments } from 'yaml';
import { istioCrds } from './kubernetes-binaries.js';

const CRD = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };

interface Conditions {
  conditions?: { type: string; status: string }[] | null;
}

/** Installs Istio's CRDs, or those of some kinds, and waits until they are served. */
export async function installIstioCrds(kubeconfig: string, kinds?: readonly string[]): Promise<void> {
  const client = await connectKube({ kubeconfig });
  try {
    const wanted = crdsOf(kinds);
    await inParallel(wanted, 8, async (crd) => orThrow(crd.metadata.name, await client.apply(crd)));
    await inParallel(wanted, 8, ({ metadata: { name } }) => established(name));
  } finally {
    client.close();
  }

  async function established(name: string): Promise<void> {
    const end = performance.now() + 30_000;
    while (performance.now() < end) {
      const { status } = orThrow(name, await client.get({ ...CRD, name }));
      const { conditions } = (status ?? {}) as Conditions;
      if (conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True')) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${name} is not served after 30 s`);
  }
}

let parsed: KubeObject[] | undefined;

function crdsOf(kinds: readonly string[] | undefined): KubeObject[] {
  parsed ??= parseAllDocuments(istioCrds()).flatMap((document) => (document.toJS() as KubeObject | null) ?? []);
  return parsed.filter(({ spec }) => kinds?.includes((spec as { names: { kind: string } }).names.kind) ?? true);
}
