import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Started } from './control-plane.js';
import { hasIdentity, startAgent, type DemoCluster, type JoinTicket } from './demo-clusters.js';
import { graphql, type GraphqlEndpoint } from './graphql-client.js';
import type { StartOptions } from './options.js';
import { DEMO_BUNDLE, type DataPaths } from './paths.js';

/** The running demo organization. */
export interface Demo {
  endpoint: GraphqlEndpoint;
  clusters: DemoCluster[];
}

interface DemoContext {
  options: StartOptions;
  paths: DataPaths;
  started: Started;
  step: (text: string) => void;
  clusters: DemoCluster[];
}

interface MutationError {
  message: string;
  issues: { code: string; path: string; message: string }[];
}

const APPLY = `mutation Apply($files: [DocumentInput!]!) {
  applyResources(input: { files: $files }) { ok { changes { outcome } } error { message issues { code path message } } }
}`;

const TOKEN = `mutation Token($cluster: String!) {
  createEnrolmentToken(input: { cluster: $cluster }) { ok { secret gatewayCa } error { message issues { code path message } } }
}`;

/** Makes the demo organization on a first start, and starts its agents; a later start leaves what people changed as it is. */
export async function startDemo({ options, paths, started, step, clusters }: DemoContext): Promise<Demo> {
  const token = (await readFile(paths.adminToken, 'utf8')).trim();
  const endpoint = { url: `http://127.0.0.1:${options.apiPort}/graphql`, token };
  if (await isMissing(paths.seeded)) {
    await applyBundle(endpoint, clusters);
    await writeFile(paths.seeded, `${new Date().toISOString()}\n`);
    step('demo organization is stored: three clusters, a global namespace over them, its policies');
  }
  for (const cluster of clusters) {
    const ticket = (await hasIdentity(cluster)) ? undefined : await joinTicket(endpoint, cluster.name);
    await startAgent(cluster, { ticket, options, paths }, started);
  }
  step(`${clusters.length} agents are dialling in`);
  return { endpoint, clusters };
}

async function isMissing(path: string): Promise<boolean> {
  return access(path).then(
    () => false,
    () => true,
  );
}

async function applyBundle(endpoint: GraphqlEndpoint, clusters: readonly DemoCluster[]): Promise<void> {
  const names = ['bookinfo.yaml', ...clusters.map(({ name }) => `clusters/${name}/cluster.yaml`)];
  const files = await Promise.all(
    names.map(async (path) => ({ path, text: await readFile(join(DEMO_BUNDLE, path), 'utf8') })),
  );
  const { applyResources } = await graphql<{ applyResources: { error: MutationError | null } }>(endpoint, APPLY, {
    files,
  });
  refuseError('the demo bundle', applyResources.error);
}

async function joinTicket(endpoint: GraphqlEndpoint, cluster: string): Promise<JoinTicket> {
  const { createEnrolmentToken: result } = await graphql<{
    createEnrolmentToken: { ok: { secret: string; gatewayCa: string | null } | null; error: MutationError | null };
  }>(endpoint, TOKEN, { cluster });
  refuseError(`an enrolment token for ${cluster}`, result.error);
  const { secret, gatewayCa } = result.ok ?? { secret: '', gatewayCa: null };
  if (gatewayCa === null) throw new Error(`the API gave no CA of its agent gateway for ${cluster}`);
  return { token: secret, ca: gatewayCa };
}

function refuseError(what: string, error: MutationError | null): void {
  if (error === null) return;
  const issues = error.issues.map((issue) => `\n  ${issue.code} ${issue.path}: ${issue.message}`);
  throw new Error(`the API refused ${what}: ${error.message}${issues.join('')}`);
}
