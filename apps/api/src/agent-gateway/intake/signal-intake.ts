import type { AgentMessageOf } from '@isthmus/protocol';
import { AHEAD_SECONDS, LATEST_SECONDS, packSignals, unpackSignals, type SignalBody } from '@isthmus/slo';

/** What a frame of signals is judged by. */
export interface SignalContext {
  /** Unix seconds. */
  now: number;
  /** Hosts of the global namespace that have a member in the agent's cluster. */
  hosts: ReadonlySet<string>;
}

/** `row` is to be stored. The rest says why nothing is: the signals are lost, which is a gap and nothing more. */
export type SignalOutcome =
  { kind: 'row'; minute: Date; body: SignalBody } | { kind: 'too-late' } | { kind: 'too-early' } | { kind: 'nothing' };

/**
 * Judges one minute of one cluster. A cluster speaks of its own servers only: samples of hosts that have no member there are
 * dropped. Minutes that were counted for good are not taken any more, nor those of a clock that is far ahead.
 */
export function takeSignals(frame: AgentMessageOf<'signals'>, { now, hosts }: SignalContext): SignalOutcome {
  const minute = Math.floor(frame.minute / 60) * 60;
  if (minute < now - LATEST_SECONDS) return { kind: 'too-late' };
  if (minute > now + AHEAD_SECONDS) return { kind: 'too-early' };
  const { samples, simulated } = unpackSignals(frame);
  const own = samples.filter(({ host }) => hosts.has(host));
  if (own.length === 0) return { kind: 'nothing' };
  return { kind: 'row', minute: new Date(minute * 1000), body: packSignals({ samples: own, simulated }) };
}
