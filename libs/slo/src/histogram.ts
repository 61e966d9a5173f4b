import type { DurationHistogram } from '@isthmus/domain';

/** True if the bounds ascend, there is one count more than bounds, and no count is negative or no number. */
export function isHistogram({ bounds, counts }: DurationHistogram): boolean {
  const ascends = bounds.every(
    (bound, index) => Number.isFinite(bound) && (index === 0 || bound > (bounds[index - 1] ?? bound)),
  );
  return (
    ascends && counts.length === bounds.length + 1 && counts.every((count) => Number.isFinite(count) && count >= 0)
  );
}

/** Requests of all durations. */
export function countOf({ counts }: DurationHistogram): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Requests that took at most `bounds[i]` milliseconds, for each bound. */
function cumulative({ bounds, counts }: DurationHistogram): Map<number, number> {
  let sum = 0;
  return new Map(
    bounds.map((bound, index) => {
      sum += counts[index] ?? 0;
      return [bound, sum];
    }),
  );
}

/**
 * The sum of histograms. Where bounds differ, only those that all share are kept: at them every count is known exactly, and
 * between them nothing is guessed. None: no bounds and no counts but that of zero requests.
 */
export function mergeHistograms(histograms: readonly DurationHistogram[]): DurationHistogram {
  const [first, ...rest] = histograms;
  if (first === undefined) return { bounds: [], counts: [0] };
  const sums = histograms.map(cumulative);
  const bounds = first.bounds.filter((bound) => rest.every((other) => other.bounds.includes(bound)));
  const atMost = bounds.map((bound) => sums.reduce((sum, one) => sum + (one.get(bound) ?? 0), 0));
  const total = histograms.reduce((sum, one) => sum + countOf(one), 0);
  const counts = [...atMost, total].map((count, index, all) =>
    Math.max(0, count - (index === 0 ? 0 : (all[index - 1] ?? 0))),
  );
  return { bounds, counts };
}

/** How many requests were at least as fast as a threshold: between `atLeast` and `atMost`, equal if a bound lies on it. */
export interface FasterThan {
  atLeast: number;
  atMost: number;
}

/** Requests that took at most `thresholdMs`. Durations inside of a bucket are not known, so it answers with both ends. */
export function fasterThan(histogram: DurationHistogram, thresholdMs: number): FasterThan {
  const { bounds, counts } = histogram;
  const below = bounds.filter((bound) => bound <= thresholdMs).length;
  const atLeast = counts.slice(0, below).reduce((sum, count) => sum + count, 0);
  if (bounds[below - 1] === thresholdMs) return { atLeast, atMost: atLeast };
  return { atLeast, atMost: atLeast + (counts[below] ?? 0) };
}

/**
 * Estimated duration in milliseconds below which the share `q` (0 to 1) of requests lies, linear inside of the bucket as in
 * Prometheus' histogram_quantile. Undefined without requests; in the last, open bucket it is the highest bound.
 */
export function quantile(histogram: DurationHistogram, q: number): number | undefined {
  const { bounds, counts } = histogram;
  const total = countOf(histogram);
  if (total === 0 || bounds.length === 0) return undefined;
  const rank = Math.min(Math.max(q, 0), 1) * total;
  let before = 0;
  for (const [index, upper] of bounds.entries()) {
    const count = counts[index] ?? 0;
    if (count > 0 && before + count >= rank) {
      const lower = bounds[index - 1] ?? 0;
      return lower + (upper - lower) * Math.max(0, (rank - before) / count);
    }
    before += count;
  }
  return bounds.at(-1);
}
