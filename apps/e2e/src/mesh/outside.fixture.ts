import type { ClusterName, Testbed } from './testbed.fixture.js';

/** What the machine outside of the mesh saw of a request; code 0: there was no answer. */
export interface Seen {
  code: number;
  peer?: string;
  host?: string;
  tls?: { sni: string | null; client: string | null } | null;
}

/** Who calls: `cluster/pod`. */
export type From = `${ClusterName}/${string}`;

/** Calls of workloads to what lies outside of the mesh. */
export class CallsOutside {
  constructor(private readonly testbed: Testbed) {}

  /** A command in the network of a workload; what it printed, or why it failed. */
  async run(from: From, ...command: string[]): Promise<string> {
    const [cluster = '', pod = ''] = from.split('/');
    return this.testbed.cli('pod', 'exec', cluster, pod, ...command).catch((error: unknown) => String(error));
  }

  /** One request; what the server outside saw of it. */
  async call(from: From, url: string): Promise<Seen> {
    const said = await this.run(from, 'curl', '-s', '-m', '10', '-w', '\n%{http_code}', url);
    const [, body = '{}', code = '0'] = /^(?:(\{.*\})\s*)?\s*(\d{3})\s*$/m.exec(said) ?? [];
    return { ...(JSON.parse(body === '' ? '{}' : body) as Omit<Seen, 'code'>), code: Number(code) };
  }
}
