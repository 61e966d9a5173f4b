import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AGENT_RUNTIME } from '@isthmus/installation';
import { fleetDocuments, layOutClusters, serviceRange, type BenchCluster } from './convergence-fleet.js';
import { lastLines, startDurablePostgres, startProduct, type ShippedAgent } from './convergence-product.js';
import { childEnvironment } from './env.js';
import { KubeSight, startKubeCluster, type KubeCluster } from './kube-fleet.js';
import { summarise } from './percentiles.js';
import { processUse } from './process-use.js';
import { newReport, type BenchReport, type Measurement } from './report.js';

/** How much there is: services in the global namespace. With all others there are 5,000 Services and Deployments to watch. */
export interface AgentBenchSize {
  hosts: number;
}

const BUNDLE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'agent', 'bundle');
const TOKENS = '/var/run/secrets/kubernetes.io/serviceaccount';
const WATCHED = 5000;
const IDLE_MS = 60_000;
const STILL_MS = 20_000;
const PATIENCE_MS = 300_000;

type Stops = (() => Promise<unknown>)[];

/** The whole agent as it ships, over a real apiserver and the real centre: memory, idle CPU, idle requests. */
export async function agentBench(size: AgentBenchSize, now: Date): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-bench-'));
  const stops: Stops = [() => rm(folder, { recursive: true, force: true })];
  try {
    return await measure(size, now, { folder, stops });
  } catch (error) {
    throw new Error(`the measurement failed; the last lines of the logs:\n${await lastLines(folder)}`, {
      cause: error,
    });
  } finally {
    for (const stop of stops) await stop().catch(() => undefined);
  }
}

interface Place {
  folder: string;
  stops: Stops;
}

async function measure({ hosts }: AgentBenchSize, now: Date, { folder, stops }: Place): Promise<BenchReport> {
  const services = WATCHED / 2;
  const inside = serviceRange('shop', { first: 0, count: hosts });
  const outside = serviceRange('other', { first: hosts, count: services - hosts });
  const [cluster] = await layOutClusters(join(folder, 'clusters'), 1, () => `${inside}---\n${outside}`);
  if (cluster === undefined) throw new Error('there is no cluster');
  const real = await startKubeCluster(cluster);
  stops.unshift(() => real.stop());
  const sight = await KubeSight.open(cluster.name, real.admin);
  stops.unshift(() => Promise.resolve(sight.close()));
  const postgres = await startDurablePostgres(folder);
  stops.unshift(() => postgres.stop());
  const product = await startProduct(folder, postgres);
  stops.unshift(() => product.stop());
  await product.apply(fleetDocuments(1, 'STRICT'));
  const floor = await floorOfNode();
  const without = await requestsDuring(real, IDLE_MS);
  const pid = await product.startAgent(cluster, await shippedAgent(cluster, real, folder));
  const owned = await untilStill(() => sight.texts().size);
  const before = await processUse(pid);
  const requests = await requestsDuring(real, IDLE_MS);
  const after = await processUse(pid);
  const report = newReport(
    'agent',
    { hosts, watched: WATCHED, owned, idleSeconds: IDLE_MS / 1000, environment: runtimeText() },
    now,
  );
  const add = (name: string, unit: Measurement['unit'], raw: number[]): void => {
    report.measurements.push({ name, unit, raw, summary: summarise(raw) });
  };
  add('floor: Node that does nothing', 'MiB', [floor]);
  add('memory, at most', 'MiB', [after.peakMiB]);
  add('memory, idle', 'MiB', [after.nowMiB]);
  add('CPU, idle, in a second (mCPU)', 'ms', [((after.cpuMs - before.cpuMs) * 1000) / IDLE_MS]);
  for (const [what, count] of requests) {
    const more = count - (without.get(what) ?? 0);
    if (more > 0) add(`idle requests: ${what}`, 'count', [more]);
  }
  return report;
}

/** The bundle, with the folder in which a pod finds its token in a place of this run. */
async function shippedAgent(cluster: BenchCluster, { server }: KubeCluster, folder: string): Promise<ShippedAgent> {
  const [bundle, tokens] = [join(folder, 'bundle'), join(folder, 'tokens')];
  for (const each of [bundle, tokens]) await mkdir(each, { mode: 0o700 });
  for (const name of await readdir(BUNDLE)) {
    const text = await readFile(join(BUNDLE, name), 'utf8');
    await writeFile(join(bundle, name), text.replaceAll(TOKENS, tokens));
  }
  interface Config {
    clusters: [{ cluster: { 'certificate-authority-data': string } }];
    users: [{ user: { token: string } }];
  }
  const config = JSON.parse(await readFile(cluster.kubeconfig ?? '', 'utf8')) as Config;
  await writeFile(join(tokens, 'token'), config.users[0].user.token, { mode: 0o600 });
  const ca = Buffer.from(config.clusters[0].cluster['certificate-authority-data'], 'base64');
  await writeFile(join(tokens, 'ca.crt'), ca);
  const place = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(server.port) };
  return { file: join(bundle, 'agent.mjs'), env: { ...AGENT_RUNTIME, ...place } };
}

function runtimeText(): string {
  return Object.entries(AGENT_RUNTIME)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

async function floorOfNode(): Promise<number> {
  const env = childEnvironment(AGENT_RUNTIME);
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { env, stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const { nowMiB } = await processUse(child.pid ?? 0);
  child.kill();
  return nowMiB;
}

/** Waits until there is something, and has been the same number of it for a while. */
async function untilStill(count: () => number): Promise<number> {
  const deadline = Date.now() + PATIENCE_MS;
  let [last, since] = [0, Date.now()];
  while (last === 0 || Date.now() - since < STILL_MS) {
    if (Date.now() > deadline) throw new Error(`after ${PATIENCE_MS / 1000} s the agent still writes: ${last} objects`);
    await new Promise((resolve) => setTimeout(resolve, 250));
    if (count() !== last) [last, since] = [count(), Date.now()];
  }
  return last;
}

/** What the apiserver was asked for in that time, by verb and resource; its own requests are among it. */
async function requestsDuring({ admin }: KubeCluster, ms: number): Promise<Map<string, number>> {
  const before = await requestsOf(admin);
  await new Promise((resolve) => setTimeout(resolve, ms));
  const after = await requestsOf(admin);
  return new Map([...after].map(([what, count]) => [what, count - (before.get(what) ?? 0)]));
}

async function requestsOf({ transport }: KubeCluster['admin']): Promise<Map<string, number>> {
  const answer = await transport.request({ method: 'GET', path: '/metrics', accept: 'text/plain' });
  if (!answer.ok) throw new Error(answer.failure.message);
  const counts = new Map<string, number>();
  for (const line of String(answer.value.body).split('\n')) {
    const found = /^apiserver_request_total\{(.*)\} (\S+)$/.exec(line);
    if (found === null) continue;
    const label = (name: string): string => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(found[1] ?? '')?.[1] ?? '';
    if (label('resource') === '') continue;
    const what = `${label('verb')} ${label('resource')}`;
    counts.set(what, (counts.get(what) ?? 0) + Number(found[2]));
  }
  return counts;
}
