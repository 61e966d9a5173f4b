import { readFile } from 'node:fs/promises';

/** What a process has used so far. */
export interface ProcessUse {
  cpuMs: number;
  /** The most memory that it held at once. */
  peakMiB: number;
}

/** Ticks a second that Linux counts the time of processes in, on every architecture that Node runs on. */
const TICKS = 100;

/** Reads what Linux counts of a process. */
export async function processUse(pid: number): Promise<ProcessUse> {
  const [stat, status] = await Promise.all(['stat', 'status'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')));
  const fields = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const peakKiB = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status ?? '')?.[1]);
  return { cpuMs: (ticks * 1000) / TICKS, peakMiB: peakKiB / 1024 };
}
