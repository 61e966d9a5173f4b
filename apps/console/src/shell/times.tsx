import { createContext, use, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';

export const ZONES = ['local', 'utc'] as const;
/** In which zone times are shown. */
export type Zone = (typeof ZONES)[number];

const KEY = 'isthmus-zone';

interface Times {
  zone: Zone;
  /** Now, in milliseconds, kept up to date for all ages that are shown. */
  now: number;
  choose: (zone: Zone) => void;
}

const TimesContext = createContext<Times>({ zone: 'local', now: Date.now(), choose: () => undefined });

/** Holds the zone that was chosen in this browser. */
export function TimesProvider({ children }: { children: ReactNode }): ReactNode {
  const [zone, setZone] = useState<Zone>(() => (localStorage.getItem(KEY) === 'utc' ? 'utc' : 'local'));
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  const choose = (next: Zone): void => {
    localStorage.setItem(KEY, next);
    setZone(next);
  };
  return <TimesContext value={{ zone, now, choose }}>{children}</TimesContext>;
}

/** The zone, and how to choose another. */
export const useTimes = (): Times => use(TimesContext);

/** An instant as people write it. */
export function instantText(instant: string, zone: Zone): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
  });
  return `${format.format(new Date(instant))}${zone === 'utc' ? ' UTC' : ''}`;
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** How long ago, in the largest unit that fits; `seconds` below zero lies ahead. */
export function agoText(seconds: number): string {
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const [unit, length] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const);
  return format.format(-Math.trunc(seconds / length), unit);
}

/** An instant, the age beside it and kept up to date; nothing known is said in words. */
export function Instant({ at }: { at: string | null | undefined }): ReactNode {
  const { zone, now } = useTimes();
  if (at === null || at === undefined) return messages.states.unknown;
  return (
    <time dateTime={at} title={agoText((now - Date.parse(at)) / 1000)}>
      {instantText(at, zone)}
    </time>
  );
}
