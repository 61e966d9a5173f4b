import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createBreaker,
  createPruneGate,
  fileIdentityStore,
  fileStateStore,
  openDirectoryCluster,
  enrol,
  renderGns,
  runAgent,
  wsTransport,
} from '@isthmus/agent';
import type { Identity } from '@isthmus/agent';
import { renderYaml } from '@isthmus/meshes';
import { systemClock } from '@isthmus/platform';
import type { Centre } from './centre.fixture.js';
import { log } from './centre.fixture.js';

/** One directory cluster with its agent, in this process. */
export class DirectoryAgent {
  #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor(
    readonly folder: string,
    private readonly centre: Centre,
  ) {}

  static async create(centre: Centre): Promise<DirectoryAgent> {
    const folder = await mkdtemp(join(tmpdir(), 'isthmus-agent-'));
    await mkdir(join(folder, 'manifests'));
    return new DirectoryAgent(folder, centre);
  }

  get out(): string {
    return join(this.folder, 'out');
  }

  async manifest(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, 'manifests', name), text);
  }

  async enrol(token: string): Promise<Awaited<ReturnType<typeof enrol>>> {
    const cluster = await this.#cluster();
    const result = await enrol({
      gateway: this.centre.url,
      ca: this.centre.gateway.caPem,
      token,
      clusterUid: await cluster.uid(),
      agentVersion: 'spec',
    });
    if (result.ok) await this.#identities().save(result.identity);
    return result;
  }

  /** Starts the enrolled agent; as often as wanted. */
  async start(): Promise<void> {
    const identity = await this.#identities().load();
    if (!identity) throw new Error('not enrolled');
    this.#abort = new AbortController();
    this.#running = runAgent({
      identity,
      identities: this.#identities(),
      cluster: await this.#cluster(),
      state: fileStateStore(join(this.folder, 'state', 'bundle'), log),
      render: renderGns,
      gate: createPruneGate(createBreaker(systemClock)),
      clock: systemClock,
      log,
      bootId: randomUUID(),
      version: 'spec',
      agentNamespace: 'isthmus-system',
      transport: (credentials) =>
        wsTransport({ gateway: this.centre.url, credentials: () => Promise.resolve(credentials()) }),
      random: () => 0.2,
      signal: this.#abort.signal,
    });
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async stored(): Promise<{ identity: Identity }> {
    const identity = await this.#identities().load();
    if (!identity) throw new Error('not enrolled');
    return { identity };
  }

  async uid(): Promise<string> {
    return (await this.#cluster()).uid();
  }

  /** Paths of rendered files below the output folder, sorted. */
  async files(): Promise<string[]> {
    const all = await readdir(this.out, { recursive: true }).catch(() => []);
    return all.filter((path) => path.endsWith('.yaml')).sort();
  }

  read(path: string): Promise<string> {
    return readFile(join(this.out, path), 'utf8');
  }

  #identities(): ReturnType<typeof fileIdentityStore> {
    return fileIdentityStore(join(this.folder, 'state'));
  }

  #cluster(): ReturnType<typeof openDirectoryCluster> {
    return openDirectoryCluster({
      manifests: join(this.folder, 'manifests'),
      out: this.out,
      toYaml: (object) => renderYaml([object]),
      pollMs: 500,
    });
  }
}

/** Waits until the test holds; throws what it last said. */
export async function eventually<T>(
  test: () => Promise<T | undefined> | T | undefined,
  what: string,
  timeoutMs = 10_000,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  while (Date.now() < until) {
    const value = await test();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`did not happen: ${what}`);
}
