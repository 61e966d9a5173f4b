import { isIP } from 'node:net';
import { parseClusterEntry } from '@isthmus/domain';
import type { Tree } from '@isthmus/domain';
import type { Clock } from '@isthmus/platform';
import { HOLD_MS, askAgainIn, sortedAddresses, takeAnswer } from './name-addresses.js';
import type { NameAddresses, NameAnswer } from './name-addresses.js';

/** Asks the name service; rejects or answers without addresses if it does not know. */
export type ResolveName = (name: string) => Promise<NameAnswer>;

export interface GatewayNamesOptions {
  resolve: ResolveName;
  clock: Clock;
  /** Called when the addresses of a name are others than before. */
  changed: () => void;
}

interface Followed {
  addresses: NameAddresses;
  /** Until then what is in the cluster waits for a first answer. */
  awaitedUntil: number;
  timer: NodeJS.Timeout | undefined;
  first: Promise<void>;
}

/** A name that does not resolve is asked for again after this time. */
const RETRY_MS = 5000;

/** Objects in the cluster may hold addresses that an agent before this one knew: they are worth as much as addresses that vanished. */
const PATIENCE_AT_START_MS = HOLD_MS;
const PATIENCE_MS = 15_000;

/** The addresses of gateways that have host names: asked for again and again, since rendered objects hold addresses only. */
export class GatewayNames {
  readonly #names = new Map<string, Followed>();
  #patienceMs = PATIENCE_AT_START_MS;

  constructor(private readonly options: GatewayNamesOptions) {}

  /** Follows exactly these names. */
  want(names: readonly string[]): void {
    const wanted = new Set(names);
    for (const [name, followed] of this.#names) {
      if (wanted.has(name)) continue;
      clearTimeout(followed.timer);
      this.#names.delete(name);
    }
    for (const name of wanted) if (!this.#names.has(name)) this.#follow(name);
    if (names.length > 0) this.#patienceMs = PATIENCE_MS;
  }

  /** Waits until each name was asked for once, or the time is over. */
  async firstAnswers(timeoutMs: number): Promise<void> {
    if (this.unresolved().length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([Promise.all([...this.#names.values()].map(({ first }) => first)), patience]);
    clearTimeout(timer);
  }

  /** Known addresses by name; names without any are absent. */
  known(): Record<string, string[]> {
    const resolved = [...this.#names].filter(([, { addresses }]) => addresses.size > 0);
    const sorted = resolved.sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([name, { addresses }]) => [name, sortedAddresses(addresses)]));
  }

  /** Names that never resolved, sorted. */
  unresolved(): string[] {
    return [...this.#names].flatMap(([name, { addresses }]) => (addresses.size === 0 ? [name] : [])).sort();
  }

  /** Unresolved names of this list whose first answer is worth waiting for: to render without them may take something away. */
  awaited(names: readonly string[]): string[] {
    const now = this.options.clock.monotonicMs();
    const isAwaited = (name: string): boolean => now < (this.#names.get(name)?.awaitedUntil ?? 0);
    return names.filter((name) => this.#names.get(name)?.addresses.size === 0 && isAwaited(name));
  }

  stop(): void {
    this.want([]);
  }

  #follow(name: string): void {
    const awaitedUntil = this.options.clock.monotonicMs() + this.#patienceMs;
    const followed: Followed = { addresses: new Map(), awaitedUntil, timer: undefined, first: Promise.resolve() };
    this.#names.set(name, followed);
    followed.first = this.#ask(name, followed);
  }

  async #ask(name: string, followed: Followed): Promise<void> {
    const { resolve, clock, changed } = this.options;
    const answer = await resolve(name).catch(() => undefined);
    if (this.#names.get(name) !== followed) return;
    const before = sortedAddresses(followed.addresses).join();
    followed.addresses = takeAnswer(followed.addresses, answer?.addresses ?? [], clock.monotonicMs());
    const waitMs = answer === undefined || answer.addresses.length === 0 ? RETRY_MS : askAgainIn(answer.ttlMs);
    followed.timer = setTimeout(() => void this.#ask(name, followed), waitMs);
    followed.timer.unref();
    if (sortedAddresses(followed.addresses).join() !== before) changed();
  }
}

const namesOf = new WeakMap<Tree, readonly { cluster: string; name: string }[]>();

/** Host names of the gateways of other clusters in a catalog, sorted; each tree is looked through once. */
export function gatewayNamesIn(catalog: Tree, own: string): string[] {
  const all = namesOf.get(catalog) ?? allNames(catalog);
  namesOf.set(catalog, all);
  return [...new Set(all.filter(({ cluster }) => cluster !== own).map(({ name }) => name))].sort();
}

function allNames(catalog: Tree): { cluster: string; name: string }[] {
  return [...catalog.entries.values()].flatMap(({ name: entryName, body }) => {
    const parsed = entryName.startsWith('cluster/') ? parseClusterEntry(body) : undefined;
    if (parsed?.ok !== true) return [];
    const { name: cluster, gateways = [] } = parsed.value;
    return gateways.filter(({ address }) => isIP(address) === 0).map(({ address }) => ({ cluster, name: address }));
  });
}
