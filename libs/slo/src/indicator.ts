import type { ServiceSample, SloEntry } from '@isthmus/domain';
import { countOf, fasterThan } from './histogram.js';

/** Events that an objective counts. `uncertain` events lie in the bucket that holds a latency threshold and count as bad. */
export interface Events {
  good: number;
  total: number;
  uncertain: number;
}

/** No events at all. */
export const NO_EVENTS: Events = { good: 0, total: 0, uncertain: 0 };

/** Sum of events. */
export function addEvents(a: Events, b: Events): Events {
  return { good: a.good + b.good, total: a.total + b.total, uncertain: a.uncertain + b.uncertain };
}

/**
 * Good and total events of a sample, as the specification of an indicator says (SRE workbook, chapter 2: good events over
 * valid events). AVAILABILITY: all but failed requests. LATENCY: requests at most as long as the threshold; a sample without
 * durations has no events, for what nobody measured is neither good nor bad.
 */
export function eventsOf(slo: Pick<SloEntry, 'indicator' | 'thresholdMs'>, sample: ServiceSample): Events {
  switch (slo.indicator) {
    case 'AVAILABILITY':
      return { good: sample.total - sample.errors, total: sample.total, uncertain: 0 };
    case 'LATENCY': {
      const { durations } = sample;
      if (durations === undefined || slo.thresholdMs === undefined) return NO_EVENTS;
      const { atLeast, atMost } = fasterThan(durations, slo.thresholdMs);
      return { good: atLeast, total: countOf(durations), uncertain: atMost - atLeast };
    }
  }
}
