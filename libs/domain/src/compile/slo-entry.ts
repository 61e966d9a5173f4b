import type { SloEntry } from '../intent/entries.js';
import type { SloPolicySpec } from '../resources/types.js';

const DURATION = /^([1-9]\d{0,4})([mhdw])$/;
const UNIT_SECONDS: Record<string, number> = { m: 60, h: 3_600, d: 86_400, w: 604_800 };
const OBJECTIVE = /^0?\.(\d{1,6})$/;

/** Parts per million of a decimal fraction in a string, or undefined if it is not greater than 0 and less than 1. */
export function objectivePpm(objective: string): number | undefined {
  const digits = OBJECTIVE.exec(objective)?.[1];
  const ppm = digits === undefined ? 0 : Number(digits.padEnd(6, '0'));
  return ppm > 0 ? ppm : undefined;
}

/** Seconds of `90m`, `24h`, `28d` or `4w`; undefined for any other text. */
export function windowSeconds(duration: string): number | undefined {
  const match = DURATION.exec(duration);
  const unit = UNIT_SECONDS[match?.[2] ?? ''];
  return unit === undefined ? undefined : Number(match?.[1]) * unit;
}

function thresholdOf(indicator: SloPolicySpec['indicator']): { thresholdMs?: number } | undefined {
  if (indicator.type === 'AVAILABILITY') return {};
  const { thresholdMs } = indicator;
  return thresholdMs !== undefined && Number.isSafeInteger(thresholdMs) && thresholdMs > 0
    ? { thresholdMs }
    : undefined;
}

/** The entry of an objective, or undefined if a number in it is out of range. */
export function sloEntry(name: string, spec: SloPolicySpec): SloEntry | undefined {
  const [objective, window, threshold] = [
    objectivePpm(spec.objective),
    windowSeconds(spec.timeWindow.duration),
    thresholdOf(spec.indicator),
  ];
  if (objective === undefined || window === undefined || threshold === undefined) return undefined;
  return {
    kind: 'slo',
    name,
    indicator: spec.indicator.type,
    ...threshold,
    objectivePpm: objective,
    windowSeconds: window,
  };
}
