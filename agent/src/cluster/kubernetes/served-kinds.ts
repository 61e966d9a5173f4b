import type { Discovery } from '@isthmus/kube';
import { OPTIONAL_KINDS, RENDERED_KINDS } from '@isthmus/meshes';

/** When kinds are asked for again, in milliseconds. */
export interface ServedTimes {
  /** While one is missing: it may be installed at any time. */
  missingMs: number;
  /** While all are there. */
  completeMs: number;
  /** How long a kind must have been missing, at two asks, until that is believed. */
  believeMs: number;
}

const TIMES: ServedTimes = { missingMs: 30_000, completeMs: 600_000, believeMs: 20_000 };

const groupOf = (kind: string): string => kind.slice(0, kind.lastIndexOf('/'));
const GROUPS = [...new Set(OPTIONAL_KINDS.map(groupOf))];

/**
 * Which of the kinds that renderers make the cluster serves. Asked for when the cluster is read anyway, one small request a group: after
 * half a minute while one is missing, else after ten. An apiserver that starts serves its custom resources a moment later, and what is
 * rendered without a kind goes from the cluster: so a kind is missing only if it was missing twice, a while apart. Only kinds that some
 * policies need are ever missing: without another one the cluster takes all else, and is told when it does not take that (ISM0443).
 */
export class ServedKinds {
  readonly #times: ServedTimes;
  /** Since when each kind was not found. */
  readonly #missing = new Map<string, number>();
  #askedAt: number | undefined;
  #kinds: readonly string[] | undefined;

  constructor(
    private readonly discovery: Pick<Discovery, 'kindsOf'>,
    times: Partial<ServedTimes> = {},
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#times = { ...TIMES, ...times };
  }

  /** As `group/version/Kind`, sorted; undefined while a group could not be asked for once. */
  get kinds(): readonly string[] | undefined {
    return this.#kinds;
  }

  /** Asks if it is time to; true if the answer is another one than before. A group that does not answer changes nothing. */
  async follow(): Promise<boolean> {
    const now = this.now();
    const { missingMs, completeMs } = this.#times;
    const wait = this.#missing.size > 0 || this.#kinds === undefined ? missingMs : completeMs;
    if (this.#askedAt !== undefined && now - this.#askedAt < wait) return false;
    this.#askedAt = now;
    const answers = await Promise.all(
      GROUPS.map(async (group) => [group, await this.discovery.kindsOf(group)] as const),
    );
    for (const [group, answer] of answers) if (answer.ok) this.#note(group, new Set(answer.value), now);
    if (this.#kinds === undefined && answers.some(([, { ok }]) => !ok)) return false;
    return this.#conclude(now);
  }

  #note(group: string, found: ReadonlySet<string>, now: number): void {
    for (const kind of OPTIONAL_KINDS.filter((one) => groupOf(one) === group)) {
      if (found.has(kind.slice(group.length + 1))) this.#missing.delete(kind);
      else if (!this.#missing.has(kind)) this.#missing.set(kind, now);
    }
  }

  #conclude(now: number): boolean {
    const isThere = (kind: string): boolean => {
      const since = this.#missing.get(kind);
      return since === undefined || now - since < this.#times.believeMs;
    };
    const kinds = RENDERED_KINDS.filter(isThere).sort();
    const isNews = kinds.join() !== this.#kinds?.join();
    this.#kinds = kinds;
    return isNews;
  }
}
