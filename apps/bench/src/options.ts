import { parseArgs } from 'node:util';
import { apiBench } from './api-bench.js';
import { agentBench } from './agent-bench.js';
import { bundleBench } from './bundle-bench.js';
import { compileBench } from './compile-bench.js';
import { consoleBench } from './console-bench.js';
import { convergenceBench, type ConvergenceSize } from './convergence-bench.js';
import { renderBench } from './render-bench.js';
import { fleetBench } from './fleet-bench.js';
import type { BenchReport } from './report.js';
import type { FleetSize } from './synthetic-fleet.js';

/** How much is measured; each benchmark takes its part of it. */
export interface BenchSize extends FleetSize {
  changes: number;
  /** Changes a second. */
  rate: number;
  /** What the clusters of `convergence` are. */
  port: ConvergenceSize['port'];
}

/** A benchmark: measures at a size. */
export type Bench = (size: BenchSize, now: Date) => BenchReport | Promise<BenchReport>;

/** Every benchmark by its name on the command line. */
export const BENCHES: Readonly<Record<BenchName, Bench>> = {
  compile: (size, now) => compileBench(fleetSize(size), now),
  render: (size, now) => renderBench(fleetSize(size), now),
  bundle: (size, now) => bundleBench(fleetSize(size), now),
  convergence: ({ clusters, changes, rate, port }, now) => convergenceBench({ clusters, changes, rate, port }, now),
  fleet: ({ hosts, clusters, changes }, now) => fleetBench({ hosts, clusters, changes }, now),
  api: ({ hosts, clusters, changes, rate }, now) => apiBench({ rows: hosts, tenants: clusters, changes, rate }, now),
  agent: ({ hosts }, now) => agentBench({ hosts }, now),
  console: ({ hosts, clusters, changes }, now) => consoleBench({ services: hosts, clusters, rounds: changes }, now),
};
export type BenchName = 'compile' | 'render' | 'bundle' | 'convergence' | 'fleet' | 'api' | 'agent' | 'console';

function fleetSize({ hosts, clusters, membersPerHost }: BenchSize): FleetSize {
  return { hosts, clusters, membersPerHost };
}

/** What was asked for. */
export interface BenchOptions {
  name: BenchName;
  size: BenchSize;
  /** File of the JSON report; default under .isthmus/bench. */
  out?: string;
}

export type ParsedBench =
  { kind: 'run'; options: BenchOptions } | { kind: 'help' } | { kind: 'usage'; faults: string[] };

export const HELP = `npm run bench -- NAME [options]     NAME: ${Object.keys(BENCHES).join(' | ')}

agent measures the whole agent as it ships, over a real apiserver; agent-port its Kubernetes port alone.

  --hosts N       compile, render, bundle, fleet: services of the made-up fleet (default 10000, render 2000);
                  agent: services in the global namespace (default 400, which makes 2,001 owned objects), of 5,000 Services and Deployments to watch
                  api: rows of the database (default 100000)
                  console: services of the topology (default 1000)
  --clusters N    clusters (default 10, bundle and fleet 3; convergence, fleet: at most 100, each with an agent process of its own)
                  api: organizations (default 50); console: clusters of the topology (default 4)
  --members N     compile, render, bundle: clusters that own each service (default 3, bundle 1)
  --changes N     convergence, fleet: changes of a policy that are measured (default 200, 5)
                  api: queries (default 6000), and half as many mutations, alone and beside the queries
                  console: rounds of every interaction (default 10), as far as three minutes allow
  --port PORT     convergence: clusters are folders (directory, the default) or real apiservers (kubernetes)
  --rate R        convergence: changes a second, whether or not earlier ones have arrived (default 2)
                  api: queries a second (default 200), and half as many mutations
  --out FILE      JSON report with the raw values (default under .isthmus/bench)
  --help          this text`;

const DEFAULTS: Record<BenchName, BenchSize> = {
  compile: { hosts: 10_000, clusters: 10, membersPerHost: 3, changes: 200, rate: 2, port: 'directory' },
  render: { hosts: 2_000, clusters: 10, membersPerHost: 3, changes: 200, rate: 2, port: 'directory' },
  bundle: { hosts: 10_000, clusters: 3, membersPerHost: 1, changes: 200, rate: 2, port: 'directory' },
  convergence: { hosts: 1, clusters: 10, membersPerHost: 1, changes: 200, rate: 2, port: 'directory' },
  api: { hosts: 100_000, clusters: 50, membersPerHost: 1, changes: 6000, rate: 200, port: 'directory' },
  agent: { hosts: 400, clusters: 1, membersPerHost: 1, changes: 1, rate: 2, port: 'directory' },
  console: { hosts: 1000, clusters: 4, membersPerHost: 1, changes: 10, rate: 2, port: 'directory' },
  fleet: { hosts: 10_000, clusters: 3, membersPerHost: 1, changes: 5, rate: 2, port: 'directory' },
};

function isBenchName(name: string): name is BenchName {
  return Object.hasOwn(BENCHES, name);
}

/** Reads the command line; every fault at once. */
export function parseBenchOptions(argv: readonly string[]): ParsedBench {
  let read: ReturnType<typeof readArguments>;
  try {
    read = readArguments(argv);
  } catch (error) {
    return { kind: 'usage', faults: [error instanceof Error ? error.message : String(error)] };
  }
  const { values, positionals } = read;
  if (values.help === true) return { kind: 'help' };
  const [name = ''] = positionals;
  if (positionals.length !== 1 || !isBenchName(name)) {
    return { kind: 'usage', faults: [`name one benchmark, not "${positionals.join(' ')}"`] };
  }
  const { size, faults } = sizeOf(name, values);
  return faults.length > 0 ? { kind: 'usage', faults } : { kind: 'run', options: { name, size, out: values.out } };
}

function sizeOf(
  name: BenchName,
  values: ReturnType<typeof readArguments>['values'],
): { size: BenchSize; faults: string[] } {
  const faults: string[] = [];
  const size: BenchSize = {
    hosts: count(['--hosts', values.hosts, DEFAULTS[name].hosts], faults),
    clusters: count(['--clusters', values.clusters, DEFAULTS[name].clusters], faults),
    membersPerHost: count(['--members', values.members, DEFAULTS[name].membersPerHost], faults),
    changes: count(['--changes', values.changes, DEFAULTS[name].changes], faults),
    rate: rate(values.rate, faults, DEFAULTS[name].rate),
    port: port(values.port, faults),
  };
  if (size.membersPerHost > size.clusters) faults.push('--members may not be more than --clusters');
  if ((name === 'convergence' || name === 'fleet') && size.clusters > 100)
    faults.push(`${name} takes at most 100 --clusters`);
  return { size, faults };
}

function readArguments(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    hosts: text,
    clusters: text,
    members: text,
    changes: text,
    rate: text,
    port: text,
    out: text,
    help: { type: 'boolean', short: 'h' },
  } as const;
  return parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
}

function count([flag, text, fallback]: [string, string | undefined, number], faults: string[]): number {
  const value = text === undefined ? fallback : Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 100_000) return value;
  faults.push(`${flag} takes a whole number from 1 to 100000, not "${text ?? ''}"`);
  return fallback;
}

function rate(text: string | undefined, faults: string[], fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (value > 0 && value <= 1000) return value;
  faults.push(`--rate takes a number above 0 and up to 1000, not "${text ?? ''}"`);
  return 1;
}

function port(text: string | undefined, faults: string[]): ConvergenceSize['port'] {
  if (text === 'kubernetes' || text === 'directory') return text;
  if (text !== undefined) faults.push(`--port is directory or kubernetes, not "${text}"`);
  return 'directory';
}
