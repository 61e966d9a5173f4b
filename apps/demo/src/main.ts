import { mkdir } from 'node:fs/promises';
import { createProgress } from './progress.js';
import { newStarted, startControlPlane, stopEverything, type Started } from './control-plane.js';
import { startDemo, type Demo } from './demo.js';
import { demoClusterNames, prepareFolderClusters, type DemoCluster } from './demo-clusters.js';
import { holdFolder } from './folder-lock.js';
import { startEnvironment } from './env.js';
import { startKubernetesClusters } from './kubernetes/kubernetes-clusters.js';
import { createLiveView } from './live-view.js';
import { HELP, parseStartOptions, type StartOptions } from './options.js';
import { DEFAULT_DATA_DIR, dataPaths, type DataPaths } from './paths.js';
import { preflight } from './preflight.js';
import { announcement } from './announcement.js';
import { signInLink } from './sign-in-link.js';
import { statusLines } from './status.js';

const POLL_MS = 500;

/** Runs the whole product until Ctrl-C; sets the exit code: 0 stopped by the user, 1 a part failed, 64 usage. */
export async function startEverything(argv: readonly string[]): Promise<void> {
  const parsed = parseStartOptions(argv, startEnvironment(), DEFAULT_DATA_DIR);
  if (parsed.kind === 'help') {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  if (parsed.kind === 'usage') return refuse(64, [...parsed.faults, '', HELP]);
  const faults = await preflight(parsed.options);
  if (faults.length > 0)
    return refuse(
      1,
      faults.map((fault) => `cannot start: ${fault}`),
    );
  await run(parsed.options);
}

function refuse(code: number, lines: readonly string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exitCode = code;
}

async function run(options: StartOptions): Promise<void> {
  const progress = createProgress(Date.now, (line) => void process.stderr.write(`${line}\n`));
  const release = await holdFolder(options.dataDir);
  const started = newStarted(progress.step);
  const stopped = stopSignal();
  const abort = new AbortController();
  const running = startAndShow({ options, started, step: progress.step, signal: abort.signal });
  const outcome = await Promise.race([stopped, running]).catch(
    (error: unknown) => `failed: ${error instanceof Error ? error.message : String(error)}`,
  );
  abort.abort();
  process.stderr.write(`\n${outcome === 'stopped' ? 'stopping' : outcome}\n`);
  await stopEverything(started);
  await release();
  process.stderr.write(`stopped; state is kept in ${options.dataDir}\n`);
  process.exit(outcome === 'stopped' ? 0 : 1);
}

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve('stopped');
      });
    }
  });
}

interface Run {
  options: StartOptions;
  started: Started;
  step: (text: string) => void;
  /** Aborted when the product is being stopped. */
  signal: AbortSignal;
}

/** Starts all parts, prints where they are, then redraws the status until a part fails. */
async function startAndShow({ options, started, step, signal }: Run): Promise<string> {
  const paths = dataPaths(options.dataDir);
  await mkdir(paths.logs, { recursive: true });
  await mkdir(paths.clusters, { recursive: true });
  step('starting Postgres, API, agent gateway and worker');
  const controlPlane = startControlPlane(options, paths, started).then(() => {
    step('API, agent gateway and worker are up');
  });
  const [clusters] = await Promise.all([demoClusters({ options, started, step, signal }, paths), controlPlane]);
  const demo = options.demo ? await startDemo({ options, paths, started, step, clusters }) : undefined;
  const link = await signInLink(`http://127.0.0.1:${options.apiPort}`, paths.adminToken);
  process.stdout.write(`${announcement({ options, paths, clusters: demo?.clusters ?? [], link }).join('\n')}\n\n`);
  if (demo !== undefined) void showStatus(demo, signal);
  return `failed: ${await started.failed}`;
}

/** The demo's clusters, ready for their agents. */
async function demoClusters({ options, ...run }: Run, paths: DataPaths): Promise<DemoCluster[]> {
  if (!options.demo) return [];
  if (options.clusters === 'directory') return prepareFolderClusters(paths);
  return startKubernetesClusters({ ...run, paths, names: await demoClusterNames() });
}

async function showStatus(demo: Demo, signal: AbortSignal): Promise<void> {
  const view = createLiveView({ isTTY: process.stdout.isTTY, write: (text) => void process.stdout.write(text) });
  while (!signal.aborted) {
    const lines = await statusLines(demo.endpoint).catch((error: unknown) => [
      `the API does not answer (${error instanceof Error ? error.message : String(error)}); what the clusters hold is unknown until it does`,
    ]);
    if (!signal.aborted) view.show(lines);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
