import { cpus, totalmem } from 'node:os';
import type { Summary } from './percentiles.js';

/** One figure of a benchmark: what, in which unit, how it is distributed, and the raw values. */
export interface Measurement {
  name: string;
  unit: 'ms' | 'MiB' | 'bytes' | 'count' | 'per second';
  summary: Summary;
  /** Every measured value, in order of measurement. */
  raw: number[];
  /** The floor that this figure is compared with, by name, if there is one. */
  floor?: string;
}

/** A whole run: machine, versions, parameters, figures. */
export interface BenchReport {
  bench: string;
  at: string;
  machine: { cpu: string; cores: number; memoryGiB: number; platform: string; node: string };
  parameters: Record<string, number | string>;
  measurements: Measurement[];
}

/** An empty report of this machine. */
export function newReport(bench: string, parameters: BenchReport['parameters'], now: Date): BenchReport {
  const machine = {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
  return { bench, at: now.toISOString(), machine, parameters, measurements: [] };
}

const HEAD = ['measurement', 'n', 'p50', 'p90', 'p95', 'p99', 'max', 'unit', 'p50 / floor'];

/** The report as aligned text for people; floors come first, each figure as a multiple of its floor. */
export function reportLines(report: BenchReport): string[] {
  const { machine } = report;
  const floors = new Map(report.measurements.map((one) => [one.name, one.summary.p50]));
  const rows = report.measurements.map((one) => {
    const { count, p50, p90, p95, p99, max } = one.summary;
    const floor = one.floor === undefined ? undefined : floors.get(one.floor);
    const multiple = floor === undefined ? '' : `${(p50 / floor).toFixed(1)} x`;
    return [one.name, String(count), ...[p50, p90, p95, p99, max].map(significant), one.unit, multiple];
  });
  const cells = [HEAD, ...rows];
  const widths = HEAD.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)));
  const parameters = Object.entries(report.parameters).map(([name, value]) => `${name}=${value}`);
  return [
    `${report.bench}: ${parameters.join(' ')}`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}, Node ${machine.node}, ${report.at}`,
    ...cells.map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
  ];
}

function significant(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
