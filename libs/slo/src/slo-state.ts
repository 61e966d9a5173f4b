import { addEvents, NO_EVENTS, type Events } from './indicator.js';

/** At most this many slots a window; a slot is a whole number of minutes. */
const MOST_SLOTS = 1000;
const MINUTE = 60;
const HOUR = 3_600;

/** Windows up to this long are counted from minutes alone; those of longer ones are made of whole hours. */
export const MINUTES_ONLY_SECONDS = 2 * 24 * HOUR;

/** Slots up to an hour divide one, so that an hour belongs to whole slots. */
const SLOT_MINUTES = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30] as const;

/** Events of one cluster during the minute that starts at `minute`, in Unix seconds. */
export interface MinuteEvents extends Events {
  cluster: string;
  minute: number;
  /** Not measured but replayed. */
  simulated?: boolean;
}

/** Events of a stretch of the window that starts at `start`, in Unix seconds. */
export interface Slot extends Events {
  start: number;
  simulated?: true;
}

/** Everything that evaluating an objective needs to remember; plain data. */
export interface SloState {
  windowSeconds: number;
  slotSeconds: number;
  /** Sorted by start; slots without report are absent. */
  slots: Slot[];
  /** Newest minute of each cluster. */
  newest: Record<string, number>;
}

function slotSecondsOf(windowSeconds: number, mostSlots: number): number {
  const least = windowSeconds / mostSlots;
  const minutes = SLOT_MINUTES.find((candidate) => candidate * MINUTE >= least);
  const isShort = windowSeconds <= MINUTES_ONLY_SECONDS;
  return isShort && minutes !== undefined ? minutes * MINUTE : Math.max(1, Math.ceil(least / HOUR)) * HOUR;
}

/**
 * The state of an objective that has seen nothing. Slots are as short as `mostSlots` a window allows, and of whole hours in
 * windows longer than two days: so hourly roll-ups of old minutes lead to the same state as the minutes did.
 */
export function emptyState(windowSeconds: number, mostSlots = MOST_SLOTS): SloState {
  return { windowSeconds, slotSeconds: slotSecondsOf(windowSeconds, mostSlots), slots: [], newest: {} };
}

/** Start of the oldest slot that is still part of the rolling window which ends at `now`: a slot counts while any of it does. */
export function windowStart({ windowSeconds, slotSeconds }: SloState, now: number): number {
  return Math.floor((now - windowSeconds) / slotSeconds) * slotSeconds;
}

function later(a: MinuteEvents, b: MinuteEvents): number {
  return a.minute - b.minute || (a.cluster < b.cluster ? -1 : Number(a.cluster > b.cluster));
}

function addToSlot(slot: Slot, events: MinuteEvents): Slot {
  const simulated = slot.simulated === true || events.simulated === true;
  return { start: slot.start, ...addEvents(slot, events), ...(simulated ? { simulated: true } : {}) };
}

/** One row per cluster and minute: hosts of a global namespace are counted together, a minute is never taken in part. */
function byMinute(events: readonly MinuteEvents[]): MinuteEvents[] {
  const merged = new Map<string, MinuteEvents>();
  for (const one of events) {
    const key = `${one.minute} ${one.cluster}`;
    const known = merged.get(key);
    const simulated = one.simulated === true || known?.simulated === true;
    merged.set(key, { ...one, ...addEvents(known ?? NO_EVENTS, one), ...(simulated ? { simulated } : {}) });
  }
  return [...merged.values()].sort(later);
}

/**
 * The next state: adds the events of minutes that are newer than what their cluster has reported, and forgets slots that left
 * the window. A minute of a cluster counts once, however often it arrives; all its hosts come in one call. Minutes from the
 * future of `now` (more than one minute ahead) and from before the window are left out. Pure; `now` in Unix seconds.
 */
export function step(state: SloState, events: readonly MinuteEvents[], now: number): SloState {
  const oldest = windowStart(state, now);
  const slots = new Map(state.slots.filter(({ start }) => start >= oldest).map((slot) => [slot.start, slot]));
  const newest = new Map(Object.entries(state.newest));
  for (const one of byMinute(events)) {
    const isKnown = one.minute <= (newest.get(one.cluster) ?? -Infinity);
    if (isKnown || one.minute < oldest || one.minute > now + MINUTE) continue;
    newest.set(one.cluster, one.minute);
    const start = Math.floor(one.minute / state.slotSeconds) * state.slotSeconds;
    slots.set(start, addToSlot(slots.get(start) ?? { start, ...NO_EVENTS }, one));
  }
  return {
    ...state,
    slots: [...slots.values()].sort((a, b) => a.start - b.start),
    newest: Object.fromEntries([...newest].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
