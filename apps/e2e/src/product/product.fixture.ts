import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

const CLI = join(ROOT, 'scripts', 'isthmus.mjs');

/** A free port of the loopback. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until `probe` answers something; throws with what was seen last. */
export async function eventually<T>(what: string, probe: () => Promise<T | undefined>, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last = 'nothing';
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${timeoutMs / 1000} s (last: ${last})`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What is started, and so gets the signals: the supervisor itself, or npm before it. */
export type Launcher = 'node' | 'npm';

/** `npm start`, run as a user does. */
export class Product {
  output = '';
  private child: ChildProcess | undefined;
  private more: readonly string[] = [];

  private constructor(
    readonly dataDir: string,
    readonly ports: { api: number; gateway: number; postgres: number },
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** A product with a data folder and ports of its own, and more flags of `npm start`; nothing runs yet. */
  static async create(env: NodeJS.ProcessEnv = {}, more: readonly string[] = []): Promise<Product> {
    const dataDir = await mkdtemp(join(tmpdir(), 'isthmus-e2e-'));
    const ports = { api: await freePort(), gateway: await freePort(), postgres: await freePort() };
    const product = new Product(dataDir, ports, env);
    product.more = more;
    return product;
  }

  /** Starts it and waits until it says where everything is; throws at once if it ends before. */
  async start(by: Launcher = 'node'): Promise<void> {
    this.launch({ by });
    const said = eventually(
      'the start',
      () => Promise.resolve(this.output.includes('Ctrl-C stops everything') || undefined),
      180_000,
    );
    const ended = this.exited().then((code) => {
      throw new Error(`it ended with code ${String(code)}`);
    });
    await Promise.race([said, ended]).catch(async (error: unknown) => {
      throw new Error(`${String(error)}\n${this.output}\n${await this.logs()}`);
    });
  }

  /** Starts it without waiting; resolves with the exit code in `exited`. */
  launch({ by = 'node', more = this.more }: { by?: Launcher; more?: readonly string[] } = {}): void {
    const { api, gateway, postgres } = this.ports;
    const flags = [
      '--data-dir',
      this.dataDir,
      '--port',
      api,
      '--gateway-port',
      gateway,
      '--postgres-port',
      postgres,
      ...more,
    ].map(String);
    this.output = '';
    const node = [process.execPath, join(ROOT, 'scripts', 'start.mjs')];
    const [command = '', ...first] = by === 'npm' ? ['npm', 'start', '--'] : node;
    const child = spawn(command, [...first, ...flags], {
      cwd: ROOT,
      env: { ...process.env, DATABASE_URL: undefined, REDIS_URL: undefined, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child = child;
  }

  /** Exit code of the supervisor. */
  async exited(): Promise<number | null> {
    const child = this.running();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  }

  signal(signal: NodeJS.Signals): void {
    this.running().kill(signal);
  }

  /** Ctrl-C; resolves with the exit code. */
  async stop(): Promise<number | null> {
    if (this.child === undefined) return null;
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGINT');
    return this.exited();
  }

  /** Stops and forgets everything. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Process ids whose command line names the data folder or one of our programs under this supervisor. */
  async processes(): Promise<{ pid: number; command: string }[]> {
    const supervisor = this.running().pid ?? 0;
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const found: { pid: number; command: string; parent: number }[] = [];
    for (const pid of pids) {
      const [command, status] = await Promise.all([
        readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
        readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''),
      ]);
      found.push({
        pid,
        command: command.replaceAll('\0', ' ').trim(),
        parent: Number(/^PPid:\t(\d+)/m.exec(status)?.[1] ?? 0),
      });
    }
    return found.filter(
      ({ pid, command, parent }) => pid !== supervisor && (parent === supervisor || command.includes(this.dataDir)),
    );
  }

  /** Kills one of the product's programs, found by its script, without warning. */
  async kill(script: 'api' | 'worker'): Promise<void> {
    const path = join('apps', script, 'dist', 'main.js');
    const program = (await this.processes()).find(({ command }) => command.includes(path));
    if (program === undefined) throw new Error(`${script} does not run:\n${this.output}`);
    process.kill(program.pid, 'SIGKILL');
  }

  async adminToken(): Promise<string> {
    return (await readFile(join(this.dataDir, 'admin-token'), 'utf8')).trim();
  }

  /** A new link that signs in to the console once. */
  async signInLink(): Promise<string> {
    const headers = { authorization: `Bearer ${await this.adminToken()}` };
    const response = await fetch(`http://127.0.0.1:${this.ports.api}/auth/loopback`, { method: 'POST', headers });
    return ((await response.json()) as { url: string }).url;
  }

  /** Sends a GraphQL operation as the administrator. */
  async graphql<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${this.ports.api}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await this.adminToken()}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: T; errors?: unknown };
    if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** Applies YAML and throws on any error. */
  async apply(documents: string): Promise<void> {
    const query = `mutation Apply($documents: String!) {
      applyResources(input: { documents: $documents }) { error { message issues { code path message } } }
    }`;
    const { applyResources } = await this.graphql<{ applyResources: { error: unknown } }>(query, { documents });
    if (applyResources.error !== null) throw new Error(JSON.stringify(applyResources.error));
  }

  /** Runs the command line as the administrator. */
  isthmus(...arguments_: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    return this.adminToken().then((token) => {
      const server = { ISTHMUS_SERVER: `http://127.0.0.1:${this.ports.api}`, ISTHMUS_TOKEN: token };
      const options = { env: { ...process.env, ...server }, maxBuffer: 64 * 1024 * 1024 };
      return new Promise((resolve) => {
        execFile(process.execPath, [CLI, ...arguments_], options, (error, out, err) => {
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
        });
      });
    });
  }

  /** Everything that the agent of a cluster has rendered, as one text; file names included. */
  async rendered(cluster: string): Promise<string> {
    const folder = join(this.dataDir, 'clusters', cluster, 'rendered');
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.yaml')).sort();
    const texts = await Promise.all(
      names.map(async (name) => `# ${name}\n${await readFile(join(folder, name), 'utf8')}`),
    );
    return texts.join('---\n');
  }

  manifests(cluster: string): string {
    return join(this.dataDir, 'clusters', cluster, 'manifests');
  }

  /** The last lines of every log. */
  async logs(): Promise<string> {
    const folder = join(this.dataDir, 'logs');
    const names = await readdir(folder).catch(() => []);
    const texts = await Promise.all(
      names.map(
        async (name) => `== ${name}\n${(await readFile(join(folder, name), 'utf8')).split('\n').slice(-15).join('\n')}`,
      ),
    );
    return texts.join('\n');
  }

  private running(): ChildProcess {
    if (this.child === undefined) throw new Error('the product was not started');
    return this.child;
  }
}
