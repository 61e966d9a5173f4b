import type { KubeObject } from '@isthmus/domain';
import { connectKube, installCrds, istioCrds } from '@isthmus/kube';
import { parseAllDocuments } from 'yaml';

/** Installs Istio's CRDs, or those of some kinds, and waits until they are served. */
export async function installIstioCrds(kubeconfig: string, kinds?: readonly string[]): Promise<void> {
  const client = await connectKube({ kubeconfig });
  try {
    await installCrds(client, crdsOf(kinds));
  } finally {
    client.close();
  }
}

let parsed: KubeObject[] | undefined;

function crdsOf(kinds: readonly string[] | undefined): KubeObject[] {
  parsed ??= parseAllDocuments(istioCrds()).flatMap((document) => (document.toJS() as KubeObject | null) ?? []);
  return parsed.filter(({ spec }) => kinds?.includes((spec as { names: { kind: string } }).names.kind) ?? true);
}
