import type { SloState, Slot } from './slo-state.js';

/** A slot as rows carry it: start, good, total, uncertain, and 1 if simulated. */
type PackedSlot = [number, number, number, number, 0 | 1];

/** A state as rows carry it: plain JSON, a third of its size. */
export interface PackedState {
  window: number;
  slot: number;
  slots: PackedSlot[];
  newest: Record<string, number>;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Packs a state for a row. */
export function packState({ windowSeconds, slotSeconds, slots, newest }: SloState): PackedState {
  const packed = slots.map(({ start, good, total, uncertain, simulated }): PackedSlot => {
    return [start, good, total, uncertain, simulated === true ? 1 : 0];
  });
  return { window: windowSeconds, slot: slotSeconds, slots: packed, newest };
}

function unpackSlot(packed: unknown): Slot | undefined {
  if (!Array.isArray(packed) || packed.length !== 5 || !packed.every(isNumber)) return undefined;
  const [start = 0, good = 0, total = 0, uncertain = 0, simulated] = packed;
  return { start, good, total, uncertain, ...(simulated === 1 ? { simulated: true as const } : {}) };
}

function isNewest(value: unknown): value is Record<string, number> {
  return isRecord(value) && Object.values(value).every(isNumber);
}

/** Reads what packState wrote; undefined for anything else, so that the state is built anew. */
export function unpackState(packed: unknown): SloState | undefined {
  if (!isRecord(packed)) return undefined;
  const { window, slot, slots, newest } = packed;
  if (!isNumber(window) || !isNumber(slot) || slot <= 0 || !Array.isArray(slots) || !isNewest(newest)) return undefined;
  const unpacked = slots.map(unpackSlot).filter((one) => one !== undefined);
  if (unpacked.length !== slots.length) return undefined;
  return { windowSeconds: window, slotSeconds: slot, slots: unpacked, newest };
}
