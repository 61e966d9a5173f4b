import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAgentEnv, readSettings, runCommand } from '@isthmus/agent';
import { createLogger, type Clock } from '@isthmus/platform';
import { eventually } from '../agent-path/directory-agent.fixture.js';

/** True time until days pass at once, for wall and monotonic time alike. */
export class JumpingClock implements Clock {
  #offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  monotonicMs(): number {
    return performance.now() + this.#offsetMs;
  }

  jump(milliseconds: number): void {
    this.#offsetMs += milliseconds;
  }
}

export interface ClockedStart {
  gateway: string;
  kubeconfig: string;
  clock: Clock;
  ca: string;
  token?: string;
}

/** The `run` command of the agent in this process, with a clock of the spec's own. */
export class ClockedAgent {
  readonly #abort = new AbortController();
  readonly #said: string[] = [];
  #running: Promise<number> = Promise.resolve(0);

  private constructor(readonly folder: string) {}

  static async start({ gateway, kubeconfig, clock, ca, token }: ClockedStart): Promise<ClockedAgent> {
    const agent = new ClockedAgent(await mkdtemp(join(tmpdir(), 'isthmus-clocked-')));
    await writeFile(join(agent.folder, 'ca.pem'), ca);
    if (token !== undefined) await agent.give(token);
    const flags = ['run', '--gateway', gateway, '--cluster-port', 'kubernetes', '--kubeconfig', kubeconfig];
    flags.push('--token-file', join(agent.folder, 'token'), '--ca', join(agent.folder, 'ca.pem'));
    const environment = readAgentEnv({});
    if (!environment.ok) throw new Error(environment.faults.join());
    const parsed = readSettings(flags, environment.env);
    if (parsed.kind !== 'settings') throw new Error(JSON.stringify(parsed));
    const log = createLogger('agent', 'info', { write: (line) => void agent.#said.push(line) });
    const { signal } = agent.#abort;
    agent.#running = runCommand({ settings: parsed.settings, env: environment.env, log, signal, clock });
    return agent;
  }

  /** As a person, or the kubelet for a person, puts a token where the agent looks for it. */
  give(token: string): Promise<void> {
    return writeFile(join(this.folder, 'token'), token, { mode: 0o600 });
  }

  get log(): string {
    return this.#said.join('\n');
  }

  says(pattern: RegExp, timeoutMs = 60_000): Promise<unknown> {
    return eventually(() => pattern.test(this.log) || undefined, `${String(pattern)} in the log`, timeoutMs).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}\n${this.log.slice(-3000)}`);
      },
    );
  }

  async stop(): Promise<number> {
    this.#abort.abort();
    const code = await this.#running;
    await rm(this.folder, { recursive: true, force: true });
    return code;
  }
}
