import type { DurationHistogram, ServiceSample } from '@isthmus/domain';
import type { ObservedService } from './observed-service.js';
import type { VectorRow } from './prometheus-answer.js';

/** Answers to the three queries. */
export interface SignalRows {
  total: readonly VectorRow[];
  errors: readonly VectorRow[];
  durations: readonly VectorRow[];
}

const labelKey = (kind: 'canonical' | 'destination', namespace: string, name: string) =>
  `${kind}\n${namespace}\n${name}`;

/** Rows by what servers call themselves; a row may be found under two names. */
class RowIndex {
  private readonly rows = new Map<string, Set<VectorRow>>();

  constructor(rows: readonly VectorRow[]) {
    for (const row of rows) {
      const namespace = row.labels['destination_workload_namespace'] ?? '';
      this.add(labelKey('canonical', namespace, row.labels['destination_canonical_service'] ?? ''), row);
      this.add(labelKey('destination', namespace, row.labels['destination_service'] ?? ''), row);
    }
  }

  private add(key: string, row: VectorRow): void {
    const known = this.rows.get(key);
    if (known === undefined) this.rows.set(key, new Set([row]));
    else known.add(row);
  }

  /** Rows of a service, each once. */
  of({ namespace, canonicalService, destinations }: ObservedService): VectorRow[] {
    const keys = [
      labelKey('canonical', namespace, canonicalService),
      ...destinations.map((destination) => labelKey('destination', namespace, destination)),
    ];
    return [...new Set(keys.flatMap((key) => [...(this.rows.get(key) ?? [])]))];
  }
}

const sumOf = (rows: readonly VectorRow[]) => rows.reduce((sum, { value }) => sum + value, 0);

/** Counts between bounds from Prometheus' cumulative ones. Estimates may fall by a little where they must not; such steps count 0. */
function histogramOf(rows: readonly VectorRow[]): DurationHistogram | undefined {
  const atMost = new Map<number, number>();
  for (const { labels, value } of rows) {
    const bound = labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le'] ?? Number.NaN);
    if (!Number.isNaN(bound)) atMost.set(bound, (atMost.get(bound) ?? 0) + value);
  }
  if (!atMost.has(Number.POSITIVE_INFINITY)) return undefined;
  const sorted = [...atMost].sort(([a], [b]) => a - b);
  let before = 0;
  const counts = sorted.map(([, count]) => {
    const between = Math.max(0, count - before);
    before = Math.max(before, count);
    return between;
  });
  return { bounds: sorted.slice(0, -1).map(([bound]) => bound), counts };
}

function sampleOf(service: ObservedService, index: Record<keyof SignalRows, RowIndex>): ServiceSample[] {
  const total = index.total.of(service);
  if (total.length === 0) return [];
  const requests = sumOf(total);
  const durations = histogramOf(index.durations.of(service));
  return [
    {
      host: service.host,
      total: requests,
      errors: Math.min(requests, sumOf(index.errors.of(service))),
      ...(durations === undefined ? {} : { durations }),
    },
  ];
}

/**
 * Samples of the services that servers reported on. A service without a series has no sample: nobody measured it, which is
 * not zero requests. Rows belong to a service by namespace and either its canonical service or the name that was called.
 */
export function serviceSamples(services: readonly ObservedService[], rows: SignalRows): ServiceSample[] {
  const index = {
    total: new RowIndex(rows.total),
    errors: new RowIndex(rows.errors),
    durations: new RowIndex(rows.durations),
  };
  return services.flatMap((service) => sampleOf(service, index));
}
