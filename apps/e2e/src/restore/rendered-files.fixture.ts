import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Product } from '../product/product.fixture.js';
import { eventually } from '../product/product.fixture.js';

export const CLUSTERS = ['east', 'west', 'onprem'];

/** A rendered file: its text, and what changes whenever it is written. */
interface RenderedFile {
  text: string;
  written: string;
}

export type RenderedFiles = ReadonlyMap<string, RenderedFile>;

/** Everything that the agents of all clusters have rendered, by cluster and path. */
export async function renderedFiles(product: Product): Promise<RenderedFiles> {
  const files = new Map<string, RenderedFile>();
  for (const cluster of CLUSTERS) {
    const folder = join(product.dataDir, 'clusters', cluster, 'rendered');
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.yaml'));
    for (const name of names.sort()) {
      const path = join(folder, name);
      const { ino, mtimeNs } = await stat(path, { bigint: true });
      files.set(`${cluster}/${name}`, { text: await readFile(path, 'utf8'), written: `${ino} ${mtimeNs}` });
    }
  }
  return files;
}

/** Names and texts alone, for comparing. */
export function textsOf(files: RenderedFiles): Record<string, string> {
  return Object.fromEntries([...files].map(([name, { text }]) => [name, text]));
}

/** Files that hold the same text as before and were written nevertheless. */
export function writtenInVain(before: RenderedFiles, after: RenderedFiles): string[] {
  return [...after]
    .filter(([name, { text, written }]) => {
      const known = before.get(name);
      return known?.text === text && known.written !== written;
    })
    .map(([name]) => name);
}

interface TargetsAnswer {
  clusters: {
    nodes: {
      agent: { lastError: string | null } | null;
      targets: { nodes: { inSync: boolean; status: string; wanted: { position: { epoch: number } } }[] };
    }[];
  };
}

const TARGETS = `{ clusters(first: 10) { nodes {
  agent { lastError }
  targets(first: 10) { nodes { inSync status wanted { position { epoch } } } }
} } }`;

/** Waits until every cluster has applied what the database wants, in that epoch; answers the last errors of the agents. */
export function inSync(product: Product, epoch: number): Promise<(string | null)[]> {
  return eventually(`targets in sync in epoch ${epoch}`, async () => {
    const { clusters } = await product.graphql<TargetsAnswer>(TARGETS);
    const targets = clusters.nodes.flatMap((cluster) => cluster.targets.nodes);
    const done = targets.filter(
      (target) => target.inSync && target.status === 'APPLIED' && target.wanted.position.epoch === epoch,
    );
    if (done.length !== CLUSTERS.length) throw new Error(JSON.stringify(clusters));
    return clusters.nodes.map(({ agent }) => agent?.lastError ?? null);
  }).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\n${product.output}\n${await product.logs()}`);
  });
}

interface ServicesAnswer {
  globalNamespace: { services: { nodes: { servedMembers: number; members: { totalCount: number } }[] } };
}

/** Waits until every member is given to clients: until then clusters hold only a part of what they will. */
export function allServed(product: Product): Promise<true> {
  const query = `{ globalNamespace(name: "bookinfo") { services(first: 50) { nodes { servedMembers members(first: 1) { totalCount } } } } }`;
  return eventually('members served', async () => {
    const { nodes } = (await product.graphql<ServicesAnswer>(query)).globalNamespace.services;
    return (
      (nodes.length > 0 && nodes.every(({ servedMembers, members }) => servedMembers === members.totalCount)) ||
      undefined
    );
  });
}

/** Stores the demo's policy with another mode. */
export function setMode(product: Product, mode: string): Promise<void> {
  return product.apply(
    `apiVersion: isthmus.dev/v1alpha1\nkind: EncryptionPolicy\nmetadata: {name: bookinfo-strict}\nspec: {targets: [{globalNamespace: bookinfo}], mode: ${mode}}`,
  );
}

/** Waits until every cluster's files have that mode. */
export async function modeEverywhere(product: Product, mode: string): Promise<void> {
  await eventually(`${mode} everywhere`, async () => {
    const texts = await Promise.all(CLUSTERS.map((cluster) => product.rendered(cluster)));
    return texts.every((text) => text.includes(`mode: ${mode}`)) || undefined;
  }).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\n${product.output}\n${await product.logs()}`);
  });
}
