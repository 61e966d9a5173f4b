import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@isthmus/store';
import type { BenchCluster } from './convergence-fleet.js';
import { childEnvironment } from './env.js';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const READY_MS = 120_000;

/** The product as its users run it: a process for API and gateway, one for the worker, one for each agent. */
export interface RunningProduct {
  databaseUrl: string;
  graphql: <T>(query: string, variables: object) => Promise<T>;
  /** Stores documents; throws if they are refused. */
  apply: (documents: string) => Promise<void>;
  /** The number of its process. */
  startAgent: (cluster: BenchCluster, shipped?: ShippedAgent) => Promise<number>;
  /** Numbers of the processes of API with gateway, and worker. */
  pids: { api: number; worker: number };
  stop: () => Promise<void>;
}

/** An agent as it ships: bundle and environment. */
export interface ShippedAgent {
  file: string;
  env: Record<string, string>;
}

interface Programs {
  folder: string;
  env: Record<string, string>;
  children: ChildProcess[];
}

/** Postgres with durable commits, on a free port of the loopback. */
export async function startDurablePostgres(folder: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), port: await freePort() });
}

/** Starts API, gateway and worker on free ports of the loopback. */
export async function startProduct(folder: string, postgres: EmbeddedPostgres): Promise<RunningProduct> {
  const [api, gateway] = [await freePort(), await freePort()];
  await mkdir(join(folder, 'logs'), { recursive: true });
  const env = {
    DATABASE_URL: postgres.url,
    DATA_DIR: folder,
    HOST: '127.0.0.1',
    PORT: String(api),
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: String(gateway),
    MIGRATE: '1',
    LOG_LEVEL: 'warn',
  };
  const programs: Programs = { folder, env, children: [] };
  const url = `http://127.0.0.1:${api}`;
  const apiPid = startProgram(programs, { name: 'api', folder: 'apps/api' });
  await untilReady(`${url}/readyz`);
  const worker = startProgram(programs, { name: 'worker', folder: 'apps/worker' });
  const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
  const graphql = <T>(query: string, variables: object): Promise<T> => send({ url, token }, query, variables);
  return {
    databaseUrl: postgres.url,
    graphql,
    pids: { api: apiPid, worker },
    apply: (documents) => apply(graphql, documents),
    startAgent: (cluster, shipped) => startAgent(programs, { cluster, graphql, gateway, shipped }),
    stop: () => stopAll(programs.children),
  };
}

interface Program {
  /** Of its log. */
  name: string;
  folder: string;
  args?: readonly string[];
  shipped?: ShippedAgent | undefined;
}

/** Options of this Node go to the children too (--cpu-prof). The IPC channel is the dead man's handle: they end with us, however we end. */
function startProgram(programs: Programs, { name, folder, args = [], shipped }: Program): number {
  const file = shipped?.file ?? join(ROOT, folder, 'dist', 'main.js');
  const child = spawn(process.execPath, [...process.execArgv, file, ...args], {
    env: childEnvironment({ ...programs.env, ...shipped?.env }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = createWriteStream(join(programs.folder, 'logs', `${name}.log`));
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  programs.children.push(child);
  return child.pid ?? 0;
}

const APPLY = `mutation Apply($documents: String!) {
  applyResources(input: { documents: $documents }) { error { message issues { code path message } } }
}`;

async function apply(graphql: RunningProduct['graphql'], documents: string): Promise<void> {
  const { applyResources } = await graphql<{ applyResources: { error: unknown } }>(APPLY, { documents });
  if (applyResources.error !== null) throw new Error(JSON.stringify(applyResources.error));
}

const TOKEN = `mutation Token($cluster: String!) {
  createEnrolmentToken(input: { cluster: $cluster }) { ok { secret gatewayCa } error { message } }
}`;

interface AgentStart {
  cluster: BenchCluster;
  graphql: RunningProduct['graphql'];
  gateway: number;
  shipped: ShippedAgent | undefined;
}

async function startAgent(programs: Programs, { cluster, graphql, gateway, shipped }: AgentStart): Promise<number> {
  type Answer = { createEnrolmentToken: { ok: { secret: string; gatewayCa: string } | null } };
  const { createEnrolmentToken } = await graphql<Answer>(TOKEN, { cluster: cluster.name });
  if (createEnrolmentToken.ok === null) throw new Error(`no enrolment token for ${cluster.name}`);
  const [tokenFile, caFile] = [join(cluster.state, 'token'), join(cluster.state, 'ca.pem')];
  await writeFile(tokenFile, createEnrolmentToken.ok.secret, { mode: 0o600 });
  await writeFile(caFile, createEnrolmentToken.ok.gatewayCa);
  const args = ['run', '--gateway', `https://127.0.0.1:${gateway}`, '--state', cluster.state, '--ca', caFile];
  args.push('--token-file', tokenFile, ...portFlags(cluster, shipped));
  return startProgram(programs, { name: `agent-${cluster.name}`, folder: 'agent', args, shipped });
}

/** As it ships an agent finds the apiserver as every pod does, without a kubeconfig. */
function portFlags({ manifests, rendered, kubeconfig }: BenchCluster, shipped: ShippedAgent | undefined): string[] {
  if (shipped !== undefined) return ['--cluster-port', 'kubernetes'];
  if (kubeconfig !== undefined) return ['--cluster-port', 'kubernetes', '--kubeconfig', kubeconfig];
  return ['--manifests', manifests, '--out', rendered];
}

/** The last lines of every program's log. */
export async function lastLines(folder: string): Promise<string> {
  const logs = join(folder, 'logs');
  const names = await readdir(logs).catch(() => []);
  const texts = await Promise.all(names.map(async (name) => [name, await readFile(join(logs, name), 'utf8')] as const));
  return texts.map(([name, text]) => `${name}: ${text.trim().split('\n').slice(-3).join('\n  ')}`).join('\n');
}

/** Agents first, then worker and API. */
async function stopAll(children: ChildProcess[]): Promise<void> {
  for (const child of [...children].reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const killing = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.kill('SIGTERM');
    await once(child, 'exit');
    clearTimeout(killing);
  }
}

async function send<T>(at: { url: string; token: string }, query: string, variables: object): Promise<T> {
  const response = await fetch(`${at.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${at.token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: T; errors?: unknown };
  if (data === undefined || errors !== undefined) throw new Error(`GraphQL refused: ${JSON.stringify(errors)}`);
  return data;
}

export async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (Date.now() > deadline) throw new Error(`${url} did not answer within ${READY_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A free port of the loopback. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
