import type { AgentMessageOf } from '@isthmus/protocol';
import { KEPT_MINUTES } from '@isthmus/slo';

export type SignalsFrame = AgentMessageOf<'signals'>;

/** Most frames that are kept, whatever their age: the oldest go first. */
const MOST_FRAMES = 2000;

/**
 * The last minutes of signals, in order. Nothing acknowledges them: a new stream is told all of them again, and whoever had
 * them already stores the same.
 */
export class SignalBuffer {
  #frames = new Map<string, SignalsFrame>();
  readonly #sent = new Set<string>();

  get size(): number {
    return this.#frames.size;
  }

  /** Takes the frames of a round and forgets what is too old beside them. */
  add(frames: readonly SignalsFrame[]): void {
    for (const frame of frames) {
      this.#frames.set(keyOf(frame), frame);
      this.#sent.delete(keyOf(frame));
    }
    const sorted = [...this.#frames].sort(([, a], [, b]) => a.minute - b.minute);
    const newest = sorted.at(-1)?.[1].minute ?? 0;
    const kept = sorted.filter(([, { minute }]) => minute > newest - KEPT_MINUTES * 60).slice(-MOST_FRAMES);
    this.#frames = new Map(kept);
    for (const key of this.#sent) if (!this.#frames.has(key)) this.#sent.delete(key);
  }

  /** A new stream: everything that is kept is said again. */
  restart(): void {
    this.#sent.clear();
  }

  /** Frames to send now, the oldest first; they count as sent. */
  take(): SignalsFrame[] {
    const news = [...this.#frames].filter(([key]) => !this.#sent.has(key));
    for (const [key] of news) this.#sent.add(key);
    return news.map(([, frame]) => frame);
  }
}

function keyOf({ gns, minute }: SignalsFrame): string {
  return `${gns} ${String(minute)}`;
}
