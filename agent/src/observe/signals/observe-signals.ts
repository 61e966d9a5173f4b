import { pause } from '@isthmus/platform';
import type { AgentCore } from '../../agent-core.js';
import { untilNext } from './due-minutes.js';
import { SignalMeter, type MeterRound, type SignalSource } from './signal-meter.js';

export interface SignalLoopOptions {
  source: SignalSource;
  signal: AbortSignal;
  /** Sends what the core has to say, if there is a stream. */
  flush: () => void;
  random: () => number;
}

/** Agents of a fleet start their minutes within this time of each other. */
const SPREAD_MS = 20_000;
/** Until there is something to measure. */
const IDLE_MS = 5_000;

/** Measures each minute until told to stop. Runs beside the loop and the stream, and keeps neither of them waiting. */
export async function observeSignals(core: AgentCore, options: SignalLoopOptions): Promise<void> {
  const { source, signal, flush, random } = options;
  const { clock, log, identity } = core.options;
  const meter = new SignalMeter({ source, lines: core.lines, clock, cluster: identity.cluster.name });
  const offsetMs = random() * SPREAD_MS;
  await pause(random() * IDLE_MS, signal);
  while (!signal.aborted) {
    const { frames, issues, idle } = await guardedRound(meter, core);
    core.signals.add(frames);
    if (core.measured(issues)) log.warn({ issues }, 'what the metrics store says has changed');
    flush();
    await pause(idle ? IDLE_MS : untilNext(clock.now().getTime(), offsetMs), signal);
  }
}

/** Measuring is beside the point of an agent: whatever fails in it ends nothing else. */
async function guardedRound(meter: SignalMeter, core: AgentCore): Promise<MeterRound> {
  try {
    return await meter.round();
  } catch (error) {
    core.options.log.error({ err: error }, 'could not measure; it is tried again next minute');
    return { frames: [], issues: core.signalIssues, idle: false };
  }
}
