import { readFile } from 'node:fs/promises';

/** What a process has used so far. */
export interface ProcessUse {
  cpuMs: number;
  /** The most memory that it held at once. */
  peakMiB: number;
  /** What it holds now. */
  nowMiB: number;
}

/** Ticks a second that Linux counts the time of processes in, on every architecture that Node runs on. */
const TICKS = 100;

/** Reads what Linux counts of a process. */
export async function processUse(pid: number): Promise<ProcessUse> {
  const [stat, status] = await Promise.all(['stat', 'status'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')));
  const fields = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const kib = (pattern: RegExp): number => Number(pattern.exec(status ?? '')?.[1]);
  const [peak, now] = [kib(/^VmHWM:\s+(\d+) kB$/m), kib(/^VmRSS:\s+(\d+) kB$/m)];
  return { cpuMs: (ticks * 1000) / TICKS, peakMiB: peak / 1024, nowMiB: now / 1024 };
}
