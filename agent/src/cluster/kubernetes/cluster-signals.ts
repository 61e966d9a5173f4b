import type { WatchHint } from '../cluster-port.js';
import { ChangeSignal } from './change-signal.js';

/** What may have changed in a cluster, each kind of news at its own pace. */
export class ClusterSignals {
  /** This agent acts, or does not any more: anything may be different. */
  readonly acting: ChangeSignal;
  /** Owned objects, by key. */
  readonly owned: ChangeSignal<string>;
  /** What is discovered. */
  readonly content: ChangeSignal;

  constructor(everyMs: number) {
    this.acting = new ChangeSignal(everyMs);
    this.owned = new ChangeSignal(everyMs);
    this.content = new ChangeSignal(everyMs);
  }

  /** Passes everything on as hints; answers how to stop. */
  watch(changed: (hint?: WatchHint) => void): () => void {
    const stops = [
      this.acting.listen(() => changed()),
      this.owned.listen((keys) => keys.forEach((key) => changed({ what: 'object', key }))),
      this.content.listen(() => changed({ what: 'inventory' })),
    ];
    return () => stops.forEach((stop) => stop());
  }

  close(): void {
    for (const each of [this.acting, this.owned, this.content]) each.close();
  }
}
