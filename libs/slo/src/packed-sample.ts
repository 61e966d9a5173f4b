import type { DurationHistogram, ServiceSample } from '@isthmus/domain';
import { isHistogram } from './histogram.js';

/** A sample as messages and rows carry it: flat, of texts, numbers and lists of numbers. */
export type PackedSample = Record<string, string | number | number[]>;

/** Thousandths of a request are enough, and keep messages short. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Packs a sample for a message. */
export function packSample({ host, total, errors, durations }: ServiceSample): PackedSample {
  const packed: PackedSample = { host, total: rounded(total), errors: rounded(errors) };
  return durations === undefined
    ? packed
    : { ...packed, bounds: durations.bounds, counts: durations.counts.map(rounded) };
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');

/** Durations of a packed sample; `undefined` if there are none, `'MALFORMED'` if they are no histogram. */
function unpackDurations({ bounds, counts }: Record<string, unknown>): DurationHistogram | undefined | 'MALFORMED' {
  if (bounds === undefined && counts === undefined) return undefined;
  if (!isNumbers(bounds) || !isNumbers(counts)) return 'MALFORMED';
  return isHistogram({ bounds, counts }) ? { bounds, counts } : 'MALFORMED';
}

/** Reads what packSample wrote; undefined for anything else. A malformed histogram spoils the sample, unknown fields do not. */
export function unpackSample(packed: unknown): ServiceSample | undefined {
  if (typeof packed !== 'object' || packed === null) return undefined;
  const fields = packed as Record<string, unknown>;
  const { host, total, errors } = fields;
  if (typeof host !== 'string' || host === '' || !isCount(total) || !isCount(errors) || errors > total)
    return undefined;
  const durations = unpackDurations(fields);
  if (durations === 'MALFORMED') return undefined;
  return { host, total, errors, ...(durations === undefined ? {} : { durations }) };
}
