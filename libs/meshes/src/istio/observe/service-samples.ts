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

/** Services by what their servers call themselves; of several with the same name the first. */
class ServiceIndex {
  private readonly services = new Map<string, ObservedService>();

  constructor(services: readonly ObservedService[]) {
    for (const service of services) {
      const { namespace, canonicalService, destinations } = service;
      this.add(labelKey('canonical', namespace, canonicalService), service);
      for (const destination of destinations) this.add(labelKey('destination', namespace, destination), service);
    }
  }

  private add(key: string, service: ObservedService): void {
    if (!this.services.has(key)) this.services.set(key, service);
  }

  /** The one service that a row counts for: the one that was called, else the one whose workload answered. */
  of({ labels }: VectorRow): ObservedService | undefined {
    const namespace = labels['destination_workload_namespace'] ?? '';
    const called = this.services.get(labelKey('destination', namespace, labels['destination_service'] ?? ''));
    return called ?? this.services.get(labelKey('canonical', namespace, labels['destination_canonical_service'] ?? ''));
  }
}

/** Rows by service, each row once. */
class RowIndex {
  private readonly rows = new Map<ObservedService, VectorRow[]>();

  constructor(services: ServiceIndex, rows: readonly VectorRow[]) {
    for (const row of rows) {
      const service = services.of(row);
      if (service === undefined) continue;
      const known = this.rows.get(service);
      if (known === undefined) this.rows.set(service, [row]);
      else known.push(row);
    }
  }

  of(service: ObservedService): VectorRow[] {
    return this.rows.get(service) ?? [];
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
 * not zero requests. Rows belong to a service by namespace and the name that was called, else by its canonical service; a
 * request counts for one service only, also where several select the same workloads.
 */
export function serviceSamples(services: readonly ObservedService[], rows: SignalRows): ServiceSample[] {
  const known = new ServiceIndex(services);
  const index = {
    total: new RowIndex(known, rows.total),
    errors: new RowIndex(known, rows.errors),
    durations: new RowIndex(known, rows.durations),
  };
  return services.flatMap((service) => sampleOf(service, index));
}
