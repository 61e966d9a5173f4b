import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { KubeObject } from '@isthmus/domain';
import { connectKube, orThrow, type KubeClient } from '@isthmus/kube';
import { DEFAULT_NAMESPACE, MESH_KINDS, NAMES } from '@isthmus/installation';
import { kubectl, type KubeApiserver, type ToolAnswer } from '@isthmus/testing';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

interface Variable {
  name: string;
  value?: string;
  valueFrom?: { fieldRef?: { fieldPath: string } };
}

interface PodTemplate {
  spec: {
    containers: [{ args: string[]; env: Variable[]; volumeMounts?: { name: string; mountPath: string }[] }];
    volumes?: { name: string; configMap?: { name: string }; secret?: { secretName: string }; emptyDir?: object }[];
  };
}

/** The bundle as it ships, built once for a spec; the folder is the caller's to remove. */
export async function buildBundle(): Promise<string> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'isthmus-bundle-'));
  await promisify(execFile)(process.execPath, [path.join(ROOT, 'scripts/build-agent.mjs'), '--out', folder]);
  return folder;
}

/** What somebody may want to do; without a namespace it is meant for all of them. */
export interface AccessQuestion {
  verb: string;
  group?: string;
  resource: string;
  subresource?: string;
  name?: string | undefined;
  namespace?: string | undefined;
}

/** What a run of the agent said, and how it ended. */
export interface AgentRun {
  readonly child: ChildProcess;
  text(): string;
  ended: Promise<number | null>;
}

/** An apiserver into which an agent was installed; its pods are run here as their templates say, since there is no kubelet. */
export class InstalledCluster {
  readonly home = fs.mkdtempSync(path.join(tmpdir(), 'isthmus-installed-'));
  readonly #runs: AgentRun[] = [];
  #admin: Promise<KubeClient> | undefined;

  constructor(
    readonly server: KubeApiserver,
    private readonly bundle: string,
    readonly namespace = DEFAULT_NAMESPACE,
  ) {}

  kubectl(...args: string[]): Promise<ToolAnswer> {
    return kubectl(this.server.kubeconfig, args);
  }

  /** `kubectl apply -f -`; everything it says that is no success is thrown. */
  async apply(text: string, ...more: string[]): Promise<string> {
    const { code, out, err } = await kubectl(this.server.kubeconfig, ['apply', '-f', '-', ...more], text);
    if (code !== 0 || err !== '') throw new Error(`kubectl apply ended with ${code}: ${err}`);
    return out;
  }

  async get<T = KubeObject>(kind: string, name: string, namespace = this.namespace): Promise<T | undefined> {
    const { out } = await this.kubectl('get', kind, name, '-n', namespace, '--ignore-not-found', '-o', 'json');
    return out.trim() === '' ? undefined : (JSON.parse(out) as T);
  }

  /** Names of all mesh objects in the cluster. */
  async meshObjects(): Promise<string[]> {
    const kinds = MESH_KINDS.map(({ resource, group }) => `${resource}.${group}`).join(',');
    const { out } = await this.kubectl('get', kinds, '-A', '-o', 'name');
    return out.split('\n').filter((line) => line !== '');
  }

  /** What a controller would write. */
  async setStatus(kind: string, name: string, status: object): Promise<void> {
    const patch = JSON.stringify({ status });
    const { code, err } = await this.kubectl(
      ...['patch', kind, name, '-n', 'istio-system', '--subresource=status', '--type=merge', '-p', patch],
    );
    if (code !== 0) throw new Error(err);
  }

  /** Whether the authorizer lets the ServiceAccount do it. */
  async allows(resourceAttributes: AccessQuestion): Promise<boolean> {
    const user = `system:serviceaccount:${this.namespace}:${NAMES.agent}`;
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${this.namespace}`, 'system:authenticated'];
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user, groups, resourceAttributes },
    };
    this.#admin ??= connectKube({ kubeconfig: this.server.kubeconfig });
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    const answer = orThrow('review', await (await this.#admin).transport.request({ method: 'POST', path, body }));
    return (answer.body as { status: { allowed: boolean } }).status.allowed;
  }

  /** A kubeconfig of the ServiceAccount, with a token as a kubelet asks for it. */
  async kubeconfigOfAgent(): Promise<string> {
    const { code, out, err } = await this.kubectl('create', 'token', NAMES.agent, '-n', this.namespace);
    if (code !== 0) throw new Error(err);
    const config = JSON.parse(fs.readFileSync(this.server.kubeconfig, 'utf8')) as { users: { user: object }[] };
    for (const user of config.users) user.user = { token: out.trim() };
    const file = path.join(this.home, 'agent.kubeconfig');
    fs.writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }

  /** Runs the container of a Deployment or Job: its arguments, variables and volumes, with the ServiceAccount's rights and nothing else. */
  async run(kind: 'deployment' | 'job', name: string, more: { args?: string[]; env?: object } = {}): Promise<AgentRun> {
    const object = await this.get<{ spec: { template: PodTemplate } }>(kind, name);
    if (object === undefined) throw new Error(`there is no ${kind} ${name}`);
    const { containers, volumes = [] } = object.spec.template.spec;
    const [{ args, env, volumeMounts = [] }] = containers;
    const places = new Map<string, string>();
    for (const { name: volume, mountPath } of volumeMounts) {
      const from = volumes.find((candidate) => candidate.name === volume);
      places.set(mountPath, await this.#mount(volume, from ?? {}));
    }
    const inPlace = (text: string): string =>
      [...places].reduce((now, [mount, folder]) => now.replace(mount, folder), text);
    const variables = env.map(({ name: variable, value, valueFrom }) => [
      variable,
      valueFrom?.fieldRef?.fieldPath === 'metadata.namespace' ? this.namespace : inPlace(value ?? ''),
    ]);
    const kubeconfig = await this.kubeconfigOfAgent();
    return this.#start(more.args ?? args, {
      ...(Object.fromEntries(variables) as Record<string, string>),
      ISTHMUS_KUBECONFIG: kubeconfig,
      ...more.env,
    });
  }

  async #mount(volume: string, from: NonNullable<PodTemplate['spec']['volumes']>[number] | object): Promise<string> {
    const folder = path.join(this.home, 'volumes', volume);
    fs.mkdirSync(folder, { recursive: true });
    const { configMap, secret } = from as NonNullable<PodTemplate['spec']['volumes']>[number];
    const source = await this.get<{ data?: Record<string, string> }>(
      configMap === undefined ? 'secret' : 'configmap',
      configMap?.name ?? secret?.secretName ?? 'none',
    );
    const encoding = configMap === undefined ? 'base64' : 'utf8';
    for (const [file, text] of Object.entries(source?.data ?? {}))
      fs.writeFileSync(path.join(folder, file), Buffer.from(text, encoding), { mode: 0o600 });
    return folder;
  }

  #start(args: readonly string[], env: Record<string, string>): AgentRun {
    const child = spawn(process.execPath, [path.join(this.bundle, 'agent.mjs'), ...args], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (said += data.toString()));
    const run = { child, text: () => said, ended: once(child, 'exit').then(([code]) => code as number | null) };
    this.#runs.push(run);
    return run;
  }

  async stop(run: AgentRun): Promise<void> {
    run.child.kill('SIGTERM');
    const timer = setTimeout(() => run.child.kill('SIGKILL'), 15_000);
    await run.ended;
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    for (const run of this.#runs)
      if (run.child.exitCode === null && run.child.signalCode === null) await this.stop(run);
    (await this.#admin)?.close();
    fs.rmSync(this.home, { recursive: true, force: true });
  }
}
