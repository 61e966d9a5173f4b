import type { SloEntry } from '@isthmus/domain';
import { eventsOf, unpackSignals, type MinuteEvents, type Signals } from '@isthmus/slo';
import type { SignalHour, SignalMinute } from '@isthmus/store';

/** What one cluster measured from one moment on, in Unix seconds: a minute, or an hour that was rolled up. */
export interface Measured extends Signals {
  cluster: string;
  start: number;
}

const seconds = (date: Date): number => date.getTime() / 1000;

/** Reads rows of minutes and hours, in order of time. */
export function measuredOf(minutes: readonly SignalMinute[], hours: readonly SignalHour[] = []): Measured[] {
  const rows = [
    ...hours.map(({ cluster, hour, body }) => ({ cluster, start: seconds(hour), ...unpackSignals(body) })),
    ...minutes.map(({ cluster, minute, body }) => ({ cluster, start: seconds(minute), ...unpackSignals(body) })),
  ];
  return rows.sort((a, b) => a.start - b.start);
}

/** Events of an objective by host; those of all hosts together are under the empty host. */
export type EventsByHost = ReadonlyMap<string, MinuteEvents[]>;

/** A latency without durations was not measured: it is no observation at all. */
function isMeasured({ indicator }: SloEntry, { durations }: Signals['samples'][number]): boolean {
  return indicator !== 'LATENCY' || durations !== undefined;
}

/** Events of an objective in what was measured. */
export function eventsByHost(
  { entry, hosts }: { entry: SloEntry; hosts: 'all' | readonly string[] },
  measured: readonly Measured[],
): EventsByHost {
  const wanted = hosts === 'all' ? undefined : new Set(hosts);
  const byHost = new Map<string, MinuteEvents[]>([['', []]]);
  const add = (host: string, events: MinuteEvents): void => {
    const known = byHost.get(host);
    if (known === undefined) byHost.set(host, [events]);
    else known.push(events);
  };
  for (const { cluster, start, simulated, samples } of measured) {
    for (const sample of samples) {
      if ((wanted !== undefined && !wanted.has(sample.host)) || !isMeasured(entry, sample)) continue;
      const events = { cluster, minute: start, ...eventsOf(entry, sample), ...(simulated ? { simulated } : {}) };
      add(sample.host, events);
      add('', events);
    }
  }
  return byHost;
}
