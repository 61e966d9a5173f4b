import { parseArgs } from 'node:util';
import { compileBench } from './compile-bench.js';
import { renderBench } from './render-bench.js';
import type { BenchReport } from './report.js';
import type { FleetSize } from './synthetic-fleet.js';

/** A benchmark: measures at a size. */
export type Bench = (size: FleetSize, now: Date) => BenchReport | Promise<BenchReport>;

/** Every benchmark by its name on the command line. */
export const BENCHES: Readonly<Record<BenchName, Bench>> = { compile: compileBench, render: renderBench };
export type BenchName = 'compile' | 'render';

/** What was asked for. */
export interface BenchOptions {
  name: BenchName;
  size: FleetSize;
  /** File of the JSON report; default under .isthmus/bench. */
  out?: string;
}

export type ParsedBench =
  { kind: 'run'; options: BenchOptions } | { kind: 'help' } | { kind: 'usage'; faults: string[] };

export const HELP = `npm run bench -- NAME [options]     NAME: ${Object.keys(BENCHES).join(' | ')}

  --hosts N       services of the made-up fleet (default: compile 10000, render 2000)
  --clusters N    clusters (default 10)
  --members N     clusters that own each service (default 3)
  --out FILE      JSON report with the raw values (default under .isthmus/bench)
  --help          this text`;

const DEFAULT_HOSTS: Record<BenchName, number> = { compile: 10_000, render: 2_000 };

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
  const faults: string[] = [];
  const size: FleetSize = {
    hosts: count(['--hosts', values.hosts, DEFAULT_HOSTS[name]], faults),
    clusters: count(['--clusters', values.clusters, 10], faults),
    membersPerHost: count(['--members', values.members, 3], faults),
  };
  if (size.membersPerHost > size.clusters) faults.push('--members may not be more than --clusters');
  return faults.length > 0 ? { kind: 'usage', faults } : { kind: 'run', options: { name, size, out: values.out } };
}

function readArguments(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    hosts: text,
    clusters: text,
    members: text,
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
