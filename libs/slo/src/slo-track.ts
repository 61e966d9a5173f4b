import type { SloEntry } from '@isthmus/domain';
import { packState, unpackState, type PackedState } from './packed-state.js';
import { evaluate, type SloReport } from './slo-report.js';
import { emptyState, step, type MinuteEvents, type SloState } from './slo-state.js';

const HOUR = 3_600;
const BURN_SLOTS = 72;

/** An objective over its own window, and over the last hour and six hours, of which burn rates are told. */
export interface SloTrack {
  window: SloState;
  hour: SloState;
  sixHours: SloState;
}

/** A track as rows carry it. */
export type PackedTrack = Record<keyof SloTrack, PackedState>;

/** A report over the window, with the burn rates of its end; absent without events. */
export interface TrackReport extends SloReport {
  burnRate1h?: number;
  burnRate6h?: number;
}

/** The track of an objective that has seen nothing. */
export function emptyTrack(windowSeconds: number): SloTrack {
  return {
    window: emptyState(windowSeconds),
    hour: emptyState(HOUR, BURN_SLOTS),
    sixHours: emptyState(6 * HOUR, BURN_SLOTS),
  };
}

/** The next track; the same rules as those of `step`. */
export function stepTrack(track: SloTrack, events: readonly MinuteEvents[], now: number): SloTrack {
  return {
    window: step(track.window, events, now),
    hour: step(track.hour, events, now),
    sixHours: step(track.sixHours, events, now),
  };
}

/** Evaluates a track at `now` (Unix seconds). Burn rates are those of the SRE workbook's short windows: 1 h and 6 h. */
export function evaluateTrack(slo: Pick<SloEntry, 'objectivePpm'>, track: SloTrack, now: number): TrackReport {
  const { burnRate: burnRate1h } = evaluate(slo, track.hour, now);
  const { burnRate: burnRate6h } = evaluate(slo, track.sixHours, now);
  return {
    ...evaluate(slo, track.window, now),
    ...(burnRate1h === undefined ? {} : { burnRate1h }),
    ...(burnRate6h === undefined ? {} : { burnRate6h }),
  };
}

/** Packs a track for a row. */
export function packTrack({ window, hour, sixHours }: SloTrack): PackedTrack {
  return { window: packState(window), hour: packState(hour), sixHours: packState(sixHours) };
}

/** Reads what packTrack wrote for a window of that length; undefined for anything else. */
export function unpackTrack(packed: unknown, windowSeconds: number): SloTrack | undefined {
  if (typeof packed !== 'object' || packed === null) return undefined;
  const { window, hour, sixHours } = packed as Record<string, unknown>;
  const states = [unpackState(window), unpackState(hour), unpackState(sixHours)];
  const [own, one, six] = states;
  if (own === undefined || one === undefined || six === undefined) return undefined;
  const expected = emptyTrack(windowSeconds);
  const fits = (state: SloState, like: SloState): boolean =>
    state.windowSeconds === like.windowSeconds && state.slotSeconds === like.slotSeconds;
  if (!fits(own, expected.window) || !fits(one, expected.hour) || !fits(six, expected.sixHours)) return undefined;
  return { window: own, hour: one, sixHours: six };
}
