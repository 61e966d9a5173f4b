import { execFile, type ExecFileException } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const CLI = join(ROOT, 'testbed', 'cli.sh');
/** Not the one that developers use by hand. */
const INSTANCES = ['1', '2', '3', '4', '5'];
const TAKEN = 75;
/** One boots in half a minute alone, in several when others boot beside it. */
const UP_MS = 600_000;
const STORY_MS = 1_200_000;

export type ClusterName = 'a' | 'b' | 'c';
export const CLUSTERS: readonly ClusterName[] = ['a', 'b', 'c'];

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

function run(
  command: string,
  arguments_: readonly string[],
  { env = {}, timeoutMs: timeout = UP_MS }: RunOptions = {},
): Promise<Ended> {
  const options = { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024, timeout };
  return new Promise((resolve) => {
    execFile(command, [...arguments_], options, (error: ExecFileException | null, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
  });
}

async function isWritten(file: string): Promise<void> {
  while ((await readFile(file, 'utf8').catch(() => 'gone')) === '') await pause(50);
}

/** For `real('istiod', …)` and `real('envoy', …)`: undefined when the part can run here, else why not. */
export async function probeTestbed(part: 'control-plane' | 'proxies'): Promise<string | undefined> {
  const { code, stdout, stderr } = await run(CLI, ['able', ...(part === 'control-plane' ? [part] : [])]);
  return code === 0 ? undefined : `${stdout}${stderr}`.trim() || `the testbed answered ${code}`;
}

/** What a series of requests from a workload brought back; see testbed/probe.sh. */
export interface Answers {
  readonly codes: Readonly<Record<string, number>>;
  /** `cluster/pod` of who answered. */
  readonly backends: Readonly<Record<string, number>>;
  /** Server's and client's identity as the server's own proxy saw them in the TLS handshake. */
  readonly identity: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly resolved: Readonly<Record<string, number>>;
  /** `cluster: SNI` of each gateway that passed requests through. */
  readonly gateway_passthrough: Readonly<Record<string, unknown>>;
}

/** What steady load brought back; see testbed/lib/load.py. */
export interface LoadResult {
  readonly sent: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly backends: Readonly<Record<string, number>>;
  readonly failed_at: readonly [number, string][];
  /** When the answering cluster changed, and to which one: the first twelve times. */
  readonly moves: readonly [number, string][];
  /** Each time at which the outcome changed, in milliseconds since 1970, and what it was then: `200 a/reviews-1`, or a code. */
  readonly changes: readonly [number, string][];
}

/** How many requests were not answered with 200, and when. */
export function lost({ sent, codes, failed_at }: LoadResult): unknown {
  return { lost: sent - (codes['200'] ?? 0), failed_at };
}

export const NOTHING_LOST = { lost: 0, failed_at: [] };

/** The clusters that answered, sorted. */
export function clustersOf({ backends }: Pick<Answers, 'backends'>): string[] {
  return [...new Set(Object.keys(backends).map((name) => name.slice(0, 1)))].sort();
}

export interface ProbeFrom {
  readonly cluster: ClusterName;
  readonly pod?: string;
  readonly requests?: number;
  /** More arguments of curl. */
  readonly curl?: readonly string[];
}

export interface LoadOptions {
  readonly seconds: number;
  readonly rate?: number;
}

/** Documents beside the topology, and the clusters that allow EnvoyFilters. */
export interface Policies {
  readonly name: string;
  readonly text: string;
  readonly extend?: readonly ClusterName[];
}

async function allowEnvoyFilters(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('mesh: {kind: istio,', 'mesh: {kind: istio, rawExtensions: [ENVOY_FILTER],'));
}

/** Lines of `lib/pods.tsv` and `lib/services.tsv` for workloads beside those of every testbed. */
export interface ExtraWorkloads {
  readonly pods: readonly string[];
  readonly services: readonly string[];
}

/** What `spawn` takes. */
interface Command {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

const NO_MORE: ExtraWorkloads = { pods: [], services: [] };

/** Three real clusters of our own: nothing of another testbed on this machine is touched. */
export class Testbed {
  private constructor(
    readonly home: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Brings one up; it goes down by itself if this process dies. `settings`: variables of testbed/README.md. */
  static async up(extra: ExtraWorkloads = NO_MORE, settings: NodeJS.ProcessEnv = {}): Promise<Testbed> {
    const home = await mkdtemp(join(tmpdir(), 'isthmus-testbed-'));
    await mkdir(join(home, 'state'));
    await writeFile(join(home, 'state', 'extra-pods.tsv'), extra.pods.map((line) => `${line}\n`).join(''));
    await writeFile(join(home, 'state', 'extra-services.tsv'), extra.services.map((line) => `${line}\n`).join(''));
    const said: string[] = [];
    for (const instance of INSTANCES) {
      const env = {
        ...settings,
        TB_INSTANCE: instance,
        TB_PARENT: String(process.pid),
        TESTBED_STATE: join(home, 'state'),
      };
      const testbed = new Testbed(home, env);
      const { code, stdout, stderr } = await run(CLI, ['up'], { env });
      if (code === 0) return testbed;
      said.push(`${stdout}${stderr}`);
      if (code === TAKEN) continue;
      await testbed.down();
      break;
    }
    await rm(home, { recursive: true, force: true });
    throw new Error(`the testbed did not come up:\n${said.join('\n')}`);
  }

  /** Ends every process it started, by its id, and forgets its state. */
  async down(): Promise<void> {
    await this.cli('down', '--purge');
    await rm(this.home, { recursive: true, force: true });
  }

  /** A command in the network of a pod, for who wants to start it and go on. */
  inPod(cluster: ClusterName, pod: string, ...command: string[]): Command {
    return { file: CLI, arguments: ['pod', 'exec', cluster, pod, ...command], env: { ...process.env, ...this.env } };
  }

  /** A verb of testbed/cli.sh; rejects with what it said when it fails. */
  async cli(...arguments_: string[]): Promise<string> {
    const { code, stdout, stderr } = await run(CLI, arguments_, { env: this.env });
    if (code !== 0) throw new Error(`testbed ${arguments_.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  }

  /** The topology as a bundle; returns its folder. */
  async bundle(mode: 'STRICT' | 'PERMISSIVE', name = 'plain'): Promise<string> {
    const folder = join(this.home, `bundle-${mode}-${name}`);
    await this.cli('bundle', folder, mode);
    return folder;
  }

  /** What the command line renders from the bundle and policies beside it, as users call it; returns the folder with a folder for each cluster. */
  async render(mode: 'STRICT' | 'PERMISSIVE', policies?: Policies): Promise<string> {
    const name = policies?.name ?? 'plain';
    const [bundle, out] = [await this.bundle(mode, name), join(this.home, `out-${mode}-${name}`)];
    if (policies !== undefined) await writeFile(join(bundle, `${name}.yaml`), policies.text);
    for (const cluster of policies?.extend ?? [])
      await allowEnvoyFilters(join(bundle, 'clusters', cluster, 'cluster.yaml'));
    const isthmus = [join(ROOT, 'scripts', 'isthmus.mjs'), 'render', '-f', bundle, '--out', out];
    const { code, stdout, stderr } = await run(process.execPath, isthmus, { env: { INIT_CWD: undefined } });
    if (code !== 0) throw new Error(`isthmus render ended with ${code}:\n${stdout}${stderr}`);
    return out;
  }

  /** The clusters hold exactly this afterwards, and every proxy has acknowledged it; no connection from before is left. */
  async apply(folder: string): Promise<void> {
    await this.cli('apply', folder);
    await this.cutConnections();
  }

  /** The same for one cluster; the others stay as they are, and so do connections. */
  async applyOnly(cluster: ClusterName, folder: string): Promise<void> {
    await this.cli('apply', '--only', cluster, join(folder, cluster));
  }

  /** A command in the network of the cluster's client; what it printed. */
  exec(cluster: ClusterName, ...command: string[]): Promise<string> {
    return this.cli('pod', 'exec', cluster, 'client', ...command);
  }

  /** Every proxy has acknowledged what its istiod sent last. */
  async acknowledged(): Promise<void> {
    await this.cli('apply', '--wait');
    await this.cutConnections();
  }

  async cutConnections(): Promise<void> {
    await this.cli('cut');
    await pause(1000);
  }

  async probe(url: string, { cluster, pod = 'client', requests = 8, curl = [] }: ProbeFrom): Promise<Answers> {
    const arguments_ = ['-q', '-c', cluster, '-p', pod, '-n', String(requests), url, ...curl];
    return JSON.parse(await this.cli('probe', ...arguments_)) as Answers;
  }

  /** Steady load from the cluster's client. */
  async load(cluster: ClusterName, url: string, { seconds, rate = 20 }: LoadOptions): Promise<LoadResult> {
    const arguments_ = ['--rate', String(rate), '--seconds', String(seconds), '--timeout', '10', url];
    return JSON.parse(await this.cli('load', cluster, 'client', ...arguments_)) as LoadResult;
  }

  /** Steady load from the cluster's client for as long as the story lasts, and a second before and after it; it begins when requests flow. */
  async loadWhile(
    cluster: ClusterName,
    { url, rate = 20 }: { url: string; rate?: number },
    story: () => Promise<unknown>,
  ): Promise<LoadResult> {
    const file = join(this.home, `load-${randomUUID()}`);
    await writeFile(file, '');
    const until = ['--while', file, '--seconds', String(STORY_MS / 1000)];
    const arguments_ = ['load', cluster, 'client', '--rate', String(rate), ...until, '--timeout', '10', url];
    const load = run(CLI, arguments_, { env: this.env, timeoutMs: STORY_MS + 30_000 });
    try {
      await Promise.race([load, isWritten(file)]);
      await pause(1000);
      await story();
      await pause(1000);
    } finally {
      await rm(file);
    }
    const { code, stdout, stderr } = await load;
    if (code !== 0) throw new Error(`testbed ${arguments_.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
    return JSON.parse(stdout) as LoadResult;
  }

  /** The one cluster that serves the host for callers of one, itself if not said, once the others have stopped doing so. */
  async servedOnlyBy(cluster: ClusterName, url: string, from: ClusterName = cluster): Promise<string[]> {
    let seen: string[] = [];
    for (let tries = 0; tries < 20 && seen.join() !== cluster; tries++) {
      if (tries > 0) await pause(1500);
      seen = clustersOf(await this.probe(url, { cluster: from, requests: 4 }));
    }
    return seen;
  }

  /** Load while something breaks 2 s after its start and is repaired 4 s later; it goes on for 10 s more. */
  async loadThrough(cluster: ClusterName, url: string, fault: Fault): Promise<LoadResult> {
    const load = this.load(cluster, url, { seconds: 16 });
    const story = (async () => {
      await pause(2000);
      await this.cli('pod', ...fault.breaks);
      await pause(4000);
      await this.cli('pod', ...fault.repairs);
    })();
    const [result] = await Promise.all([load, story]);
    return result;
  }
}

/** Arguments of `testbed/cli.sh pod`. */
export interface Fault {
  readonly breaks: readonly string[];
  readonly repairs: readonly string[];
}
