import { emptyTrack, SEALED_SECONDS, stepTrack, unpackTrack, windowStart, type SloTrack } from '@isthmus/slo';
import type { SloStateRecord, TenantTx } from '@isthmus/store';
import { eventsByHost, measuredOf, type EventsByHost } from './measured.js';
import type { Objective } from './objectives.js';
import { MINUTES_KEPT_SECONDS } from './roll-up-signals.js';

/** Tracks by host with everything counted that began before `sealedUntil`, in Unix seconds. */
export interface SealedTracks {
  tracks: Map<string, SloTrack>;
  sealedUntil: number;
  /** Hosts whose track is not the stored one any more. */
  changed: Set<string>;
}

/** States are written once in five minutes. */
const SEAL_STEP = 300;
const HOUR = 3_600;
const CHUNK = 6 * HOUR;

/** Minutes before this do not change any more. */
export function sealAt(now: number): number {
  return Math.floor((now - SEALED_SECONDS) / SEAL_STEP) * SEAL_STEP;
}

/** What a state depends on: one of another shape is of no use. */
export function shapeOf({ entry, hosts }: Pick<Objective, 'entry' | 'hosts'>): string {
  return JSON.stringify([1, entry.indicator, entry.thresholdMs ?? 0, entry.windowSeconds, hosts]);
}

const dateOf = (time: number): Date => new Date(time * 1000);

/**
 * The stored tracks; undefined if they are to be built anew: there is none for one of the hosts, they have another shape,
 * or minutes that they have not seen were rolled up meanwhile.
 */
export function storedTracks(
  objective: Objective,
  rows: readonly SloStateRecord[],
  { hosts, now }: { hosts: readonly string[]; now: number },
): SealedTracks | undefined {
  const shape = shapeOf(objective);
  const tracks = new Map<string, SloTrack>();
  let sealedUntil = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const track = row.shape === shape ? unpackTrack(row.state, objective.entry.windowSeconds) : undefined;
    if (track === undefined) return undefined;
    tracks.set(row.host, track);
    sealedUntil = Math.min(sealedUntil, row.sealedUntil.getTime() / 1000);
  }
  const isUsable = hosts.every((host) => tracks.has(host)) && sealedUntil > now - MINUTES_KEPT_SECONDS;
  return isUsable ? { tracks, sealedUntil, changed: new Set() } : undefined;
}

function advance(sealed: SealedTracks, events: EventsByHost, now: number): void {
  for (const [host, list] of events) {
    const track = sealed.tracks.get(host);
    if (track === undefined || list.length === 0) continue;
    sealed.tracks.set(host, stepTrack(track, list, now));
    sealed.changed.add(host);
  }
}

async function eventsBetween(
  tx: TenantTx,
  objective: Objective,
  { from, to }: { from: number; to: number },
): Promise<EventsByHost> {
  const minutes = await tx.signals.range(objective.gns, dateOf(from), dateOf(to));
  const hours = await tx.signals.hours(objective.gns, dateOf(from), dateOf(to));
  return eventsByHost(objective, measuredOf(minutes, hours));
}

/** Counts what became final since. */
export async function seal(
  tx: TenantTx,
  objective: Objective,
  { sealed, now }: { sealed: SealedTracks; now: number },
): Promise<SealedTracks> {
  const until = sealAt(now);
  if (until <= sealed.sealedUntil) return sealed;
  advance(sealed, await eventsBetween(tx, objective, { from: sealed.sealedUntil, to: until }), now);
  return { ...sealed, sealedUntil: until };
}

/** Counts everything anew from stored minutes and hours. */
export async function rebuild(
  tx: TenantTx,
  objective: Objective,
  { hosts, now }: { hosts: readonly string[]; now: number },
): Promise<SealedTracks> {
  const { windowSeconds } = objective.entry;
  const tracks = new Map(hosts.map((host) => [host, emptyTrack(windowSeconds)]));
  const sealed: SealedTracks = { tracks, sealedUntil: sealAt(now), changed: new Set(hosts) };
  const { window, sixHours } = emptyTrack(windowSeconds);
  const first = Math.min(windowStart(window, now), windowStart(sixHours, now));
  for (let from = Math.floor(first / HOUR) * HOUR; from < sealed.sealedUntil; from += CHUNK) {
    const to = Math.min(from + CHUNK, sealed.sealedUntil);
    advance(sealed, await eventsBetween(tx, objective, { from, to }), now);
  }
  return sealed;
}
