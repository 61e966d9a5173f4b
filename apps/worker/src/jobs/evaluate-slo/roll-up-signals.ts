import { mergeSamples, MINUTES_ONLY_SECONDS, packSignals } from '@isthmus/slo';
import type { TenantTx } from '@isthmus/store';
import type { JobContext } from '../job-context.js';
import { measuredOf, type Measured } from './measured.js';

const HOUR = 3_600;
/** Longer than the longest window that needs minutes, with room for its first slot and for those that come late. */
export const MINUTES_KEPT_SECONDS = MINUTES_ONLY_SECONDS + 2 * HOUR;
/** Longer than the longest window. */
const HOURS_KEPT_SECONDS = 92 * 24 * HOUR;
const BATCH = 1_000;

function byCluster(measured: readonly Measured[]): Map<string, Measured[]> {
  const groups = new Map<string, Measured[]>();
  for (const one of measured) groups.set(one.cluster, [...(groups.get(one.cluster) ?? []), one]);
  return groups;
}

async function rollUpHour(tx: TenantTx, of: { gns: string; hour: Date }): Promise<void> {
  const end = new Date(of.hour.getTime() + HOUR * 1000);
  const measured = measuredOf(await tx.signals.range(of.gns, of.hour, end));
  const rows = [...byCluster(measured)].map(([cluster, parts]) => {
    const samples = mergeSamples(parts.flatMap((part) => part.samples));
    return { cluster, body: packSignals({ samples, simulated: parts.some(({ simulated }) => simulated) }) };
  });
  await tx.signals.rollUp(of, rows);
}

/** Makes hours of minutes that are older than two days, and drops hours that no window reaches. Answers how many were made. */
export async function rollUpSignals({ store }: Pick<JobContext, 'store'>, org: string): Promise<number> {
  const due = await store.withTenant(org, async (tx) => {
    const now = (await tx.now()).getTime() / 1000;
    await tx.signals.pruneHours(new Date((now - HOURS_KEPT_SECONDS) * 1000));
    const before = Math.floor((now - MINUTES_KEPT_SECONDS) / HOUR) * HOUR;
    return tx.signals.hoursWithMinutes(new Date(before * 1000), BATCH);
  });
  for (const of of due) {
    await store.withTenant(org, async (tx) => {
      await tx.lock(`slo ${of.gns}`);
      await rollUpHour(tx, of);
    });
  }
  return due.length;
}
