import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '../agent-path/directory-agent.fixture.js';

const AGENT = fileURLToPath(new URL('../../../../agent/dist/main.js', import.meta.url));

export interface AgentStart {
  gateway: string;
  kubeconfig: string;
  /** Only for the first start. */
  ticket?: { token: string; ca: string };
}

/** The agent's program, run as a pod would run it: its own process and a disk that is empty at every start. */
export class AgentProcess {
  #log = '';

  private constructor(
    private readonly child: ChildProcess,
    /** Its disk. */
    readonly folder: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#log = (this.#log + chunk.toString()).slice(-200_000)));
  }

  static async start({ gateway, kubeconfig, ticket }: AgentStart): Promise<AgentProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'isthmus-pod-'));
    const flags = ['--gateway', gateway, '--cluster-port', 'kubernetes', '--kubeconfig', kubeconfig];
    flags.push('--state', join(folder, 'state'));
    if (ticket !== undefined) {
      const [token, ca] = [join(folder, 'token'), join(folder, 'ca.pem')];
      await writeFile(token, ticket.token, { mode: 0o600 });
      await writeFile(ca, ticket.ca);
      flags.push('--token-file', token, '--ca', ca);
    }
    // The channel ends the agent if this process dies.
    const child = spawn(process.execPath, [AGENT, 'run', ...flags], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    return new AgentProcess(child, folder);
  }

  /** Everything that it wrote. */
  get log(): string {
    return this.#log;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until it has said something that the pattern finds. */
  says(pattern: RegExp, timeoutMs = 30_000): Promise<unknown> {
    return eventually(() => pattern.test(this.#log) || undefined, `${String(pattern)} in the log`, timeoutMs).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}\n${this.#log.slice(-3000)}`);
      },
    );
  }

  /** Resolves with the exit code; null after a signal. */
  async ended(): Promise<number | null> {
    if (this.isRunning) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  /** As the kubelet ends a pod. */
  async stop(): Promise<number | null> {
    if (this.isRunning) this.signal('SIGTERM');
    return this.#over();
  }

  /** As a node that loses its power: no word of parting, and the disk is gone. */
  async kill(): Promise<void> {
    if (this.isRunning) this.signal('SIGKILL');
    await this.#over();
  }

  async #over(): Promise<number | null> {
    const code = await this.ended();
    await rm(this.folder, { recursive: true, force: true });
    return code;
  }
}
