import { issue, type Issue, type IssueCode, type ServiceSample } from '@isthmus/domain';
import { serviceSamples, signalQueries, type ObservedService, type VectorRow } from '@isthmus/meshes';
import { packSample } from '@isthmus/slo';
import type { Clock } from '@isthmus/platform';
import type { Lines } from '../../sync/lines.js';
import { dueMinutes } from './due-minutes.js';
import type { MetricsStore, StoreAnswer } from './metrics-store.js';
import { ObservedNamespaces } from './observed-namespaces.js';
import type { SignalsFrame } from './signal-buffer.js';

/** Where signals come from. */
export interface SignalSource {
  store: MetricsStore;
  /** The store replays: every frame says so. */
  simulated: boolean;
}

export interface MeterOptions {
  source: SignalSource;
  lines: Lines;
  clock: Clock;
  cluster: string;
}

/** What one round of measuring brought. `issues` are about this cluster and matter to every global namespace in it. */
export interface MeterRound {
  frames: readonly SignalsFrame[];
  issues: readonly Issue[];
  /** Nothing runs here that could be measured, yet. */
  idle: boolean;
}

/** A round that is being measured. */
interface OpenRound extends MeterRound {
  frames: SignalsFrame[];
  issues: Issue[];
}

const MINUTE = 60;
/** As many as a frame may carry. */
const MOST_SAMPLES = 5000;

/** Measures whole minutes, each once, and those again that the store did not answer for. */
export class SignalMeter {
  readonly #observed: ObservedNamespaces;
  /** The newest minute that was measured, by global namespace. */
  #measured = new Map<string, number>();

  constructor(private readonly options: MeterOptions) {
    this.#observed = new ObservedNamespaces(options.cluster);
  }

  /** Measures what is due. A store that fails once is not asked further in this round. */
  async round(): Promise<MeterRound> {
    const namespaces = this.#observed.list(this.options.lines);
    const present = new Set(namespaces.map(({ gns }) => gns));
    this.#measured = new Map([...this.#measured].filter(([gns]) => present.has(gns)));
    const round: OpenRound = { frames: [], issues: [], idle: namespaces.length === 0 };
    if (namespaces.some(({ services }) => services === 'UNMEASURED'))
      round.issues.push(this.#issue('ISM0703', 'istio is measured; this mesh is not'));
    for (const { gns, services } of namespaces) {
      if (services === 'UNMEASURED') continue;
      if (!(await this.#measureNamespace(round, gns, services))) return round;
    }
    return round;
  }

  /** False if the store failed. */
  async #measureNamespace(round: OpenRound, gns: string, services: readonly ObservedService[]): Promise<boolean> {
    const now = this.options.clock.now().getTime() / 1000;
    for (const minute of dueMinutes(this.#measured.get(gns), now)) {
      const result = await this.#measureMinute(services, minute);
      if (!result.ok) {
        round.issues.push(this.#issue(result.code, result.reason));
        return false;
      }
      round.frames.push(this.#frame({ gns, minute, samples: result.samples }, round.issues));
      this.#measured.set(gns, minute);
    }
    return true;
  }

  async #measureMinute(
    services: readonly ObservedService[],
    minute: number,
  ): Promise<{ ok: true; samples: ServiceSample[] } | Extract<StoreAnswer, { ok: false }>> {
    const queries = signalQueries(services, MINUTE);
    if (queries === undefined) return { ok: true, samples: [] };
    const rows: Record<keyof typeof queries, readonly VectorRow[]> = { total: [], errors: [], durations: [] };
    for (const part of ['total', 'errors', 'durations'] as const) {
      const answer = await this.options.source.store.query(queries[part], minute + MINUTE);
      if (!answer.ok) return answer;
      rows[part] = answer.rows;
    }
    return { ok: true, samples: serviceSamples(services, rows) };
  }

  #frame(of: { gns: string; minute: number; samples: ServiceSample[] }, issues: Issue[]): SignalsFrame {
    const { gns, minute, samples } = of;
    if (samples.length > MOST_SAMPLES && issues.length === 0)
      issues.push(this.#issue('ISM0704', `only ${String(MOST_SAMPLES)} services of a global namespace are reported`));
    const packed = samples.slice(0, MOST_SAMPLES).map(packSample);
    const frame: SignalsFrame = { type: 'signals', gns, minute, samples: packed };
    return this.options.source.simulated ? { ...frame, simulated: true } : frame;
  }

  #issue(code: IssueCode & `ISM07${string}`, message: string): Issue {
    return issue(code, { message, cluster: this.options.cluster });
  }
}
