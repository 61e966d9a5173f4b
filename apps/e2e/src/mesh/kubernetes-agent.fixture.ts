import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Product } from '../product/product.fixture.js';
import type { Testbed } from './testbed.fixture.js';

const AGENT = fileURLToPath(new URL('../../../../agent/dist/main.js', import.meta.url));

const TOKEN = `mutation Token($cluster: String!) {
  createEnrolmentToken(input: { cluster: $cluster }) { ok { secret gatewayCa } error { message } }
}`;

interface Ticket {
  readonly createEnrolmentToken: {
    readonly ok: { readonly secret: string; readonly gatewayCa: string } | null;
    readonly error: { readonly message: string } | null;
  };
}

/** An agent as it runs in a cluster, but outside of it: it enrols with a token and works on the cluster's API. */
export class KubernetesAgent {
  private constructor(
    private readonly child: ChildProcess,
    private readonly logFile: string,
  ) {}

  static async start(cluster: string, product: Product, testbed: Testbed): Promise<KubernetesAgent> {
    const { createEnrolmentToken } = await product.graphql<Ticket>(TOKEN, { cluster });
    if (createEnrolmentToken.ok === null) throw new Error(createEnrolmentToken.error?.message);
    const file = (name: string): string => join(testbed.home, `agent-${cluster}.${name}`);
    await writeFile(file('token'), createEnrolmentToken.ok.secret, { mode: 0o600 });
    await writeFile(file('ca'), createEnrolmentToken.ok.gatewayCa);
    // What an installation makes: the agent may write this one Secret, and create none.
    const secret = ['create', 'secret', 'generic', 'isthmus-agent-identity'];
    await testbed.cli('kubectl', cluster, '-n', 'isthmus-system', ...secret);
    const kubeconfig = (await testbed.cli('kubeconfig', cluster)).trim();
    const gateway = `https://127.0.0.1:${product.ports.gateway}`;
    const flags = ['--gateway', gateway, '--cluster-port', 'kubernetes', '--kubeconfig', kubeconfig];
    const first = ['--token-file', file('token'), '--ca', file('ca')];
    // The channel ends the agent if this process dies.
    const child = spawn(process.execPath, [AGENT, 'run', ...flags, ...first], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const log = createWriteStream(file('log'));
    for (const stream of [child.stdout, child.stderr]) stream?.pipe(log);
    return new KubernetesAgent(child, file('log'));
  }

  /** The last lines it wrote. */
  async log(): Promise<string> {
    return (await readFile(this.logFile, 'utf8')).split('\n').slice(-20).join('\n');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 15_000);
    await once(this.child, 'exit');
    clearTimeout(timer);
  }
}
