import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeObject } from '@isthmus/domain';
import { DEFAULT_NAMESPACE, installationObjects, NAMES } from '@isthmus/installation';
import { applyAs, connectKube, installCrds, istioCrds, orThrow, type KubeClient } from '@isthmus/kube';
import { parseAllDocuments } from 'yaml';
import type { JoinTicket } from '../demo-clusters.js';

/** The manager of fields that a person's kubectl writes. */
const PERSON = 'kubectl';

/** Runs something with every right in a cluster. */
async function asAdmin<T>(kubeconfig: string, act: (client: KubeClient) => Promise<T>): Promise<T> {
  const client = await connectKube({ kubeconfig });
  try {
    return await act(client);
  } finally {
    client.close();
  }
}

/** Installs Istio's CRDs and applies the manifests of a folder, namespaces first; answers what this apiserver does not serve. */
export function fillCluster(kubeconfig: string, manifests: string): Promise<string[]> {
  return asAdmin(kubeconfig, async (client) => {
    await installCrds(client, objectsOf(istioCrds()));
    return applyAll(client, await readManifests(manifests));
  });
}

/** Makes what an installation of the agent makes but its Deployment: the agent runs beside this cluster. */
export function installAgent(kubeconfig: string, gateway: string, { ca }: JoinTicket): Promise<string[]> {
  const objects = installationObjects({ gateway: { url: gateway, ca } });
  return asAdmin(kubeconfig, (client) =>
    applyAll(
      client,
      objects.filter(({ kind }) => kind !== 'Deployment'),
    ),
  );
}

/** True once the agent has kept an identity in its Secret. */
export function holdsIdentity(kubeconfig: string): Promise<boolean> {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: DEFAULT_NAMESPACE, name: NAMES.identitySecret };
  return asAdmin(kubeconfig, async (client) => {
    const found = await client.get(ref);
    if (!found.ok && found.failure.kind === 'notFound') return false;
    const { data } = orThrow(NAMES.identitySecret, found) as { data?: Record<string, string> };
    return data?.['identity.json'] !== undefined;
  });
}

async function readManifests(folder: string): Promise<KubeObject[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml') && name !== 'cluster.yaml').sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const objects = texts.flatMap(objectsOf);
  const isNamespace = ({ kind }: KubeObject): boolean => kind === 'Namespace';
  return [...objects.filter(isNamespace), ...objects.filter((object) => !isNamespace(object))];
}

function objectsOf(text: string): KubeObject[] {
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as KubeObject | null) ?? []);
}

async function applyAll(client: KubeClient, objects: readonly KubeObject[]): Promise<string[]> {
  const unserved: string[] = [];
  for (const object of objects) {
    const what = `${object.kind} ${object.metadata.name}`;
    const applied = await applyAs(PERSON, client, object);
    if (!applied.ok && applied.failure.kind === 'notServed') unserved.push(what);
    else orThrow(what, applied);
  }
  return unserved;
}
