import { buildTree, byCodeUnit } from '@isthmus/domain';
import type { Issue, TreeEntry } from '@isthmus/domain';
import { MAX_NAMESPACE_BYTES, MAX_REPORTED, PART_BYTES, encodeFacts, namespaceEntryName } from '@isthmus/protocol';
import type { AgentMessageOf } from '@isthmus/protocol';
import type { InventoryReading } from '../cluster/cluster-port.js';
import type { PackedInventory } from '../cluster/packed-inventory.js';

export type InventoryFrame = AgentMessageOf<'inventory'>;

const NO_ISSUES = '[]';

/**
 * Says the cluster's inventory to the centre as a chain of frames. Each frame names the one before it; after `restart` the chain begins anew
 * from nothing. Deletions are said explicitly, and only while the reading is complete. What could not be read goes with it as issues: they
 * are about the cluster and not about what is applied in it.
 */
export class InventoryChain {
  #seq = 0;
  /** What the centre has been told in this chain, by entry name. */
  #told = new Map<string, TreeEntry>();
  #started = false;
  #complete = false;
  #wanted = new Map<string, TreeEntry>();
  #wantedComplete = false;
  #unreadable: string[] = [];
  #issues: Issue[] = [];
  /** The issues that the centre has been told, as text. */
  #toldIssues = NO_ISSUES;
  /** What hello announced; the view may have moved on by the time of the answer. */
  #announced = new Map<string, TreeEntry>();

  constructor(private readonly bootId: string) {}

  /** Takes a new reading; answers true if there is something to say. */
  observe(reading: InventoryReading): boolean {
    const { entries, tooLarge } = entriesOf(reading.inventory);
    for (const [name, { hash }] of entries) {
      const before = this.#wanted.get(name);
      if (before?.hash === hash) entries.set(name, before);
    }
    const complete = reading.complete && tooLarge.length === 0;
    const kept = complete ? this.#ofUnreadable(reading.unreadable) : this.#wanted;
    this.#wanted = new Map([...kept, ...entries]);
    this.#wantedComplete = complete;
    this.#issues = reading.issues.filter(({ severity }) => severity !== 'INFO').slice(0, MAX_REPORTED);
    this.#unreadable = [...new Set([...reading.unreadable, ...tooLarge])].sort(byCodeUnit);
    return this.hasNews();
  }

  hasNews(): boolean {
    if (!this.#started) return this.#wanted.size > 0 || this.#issues.length > 0;
    if (this.#toldIssues !== JSON.stringify(this.#issues)) return true;
    return this.#complete !== this.#wantedComplete || this.#puts().length > 0 || this.#removes().length > 0;
  }

  /** Position for hello: only a complete view has one. */
  position(): { seq: number; root: string } | undefined {
    if (!this.#wantedComplete) return undefined;
    this.#announced = this.#wanted;
    this.#seq = Math.max(1, this.#seq);
    return { seq: this.#seq, root: rootOf(this.#wanted) };
  }

  /** The centre has exactly the announced root, and no issues: go on from there. */
  resume(): void {
    this.#told = new Map(this.#announced);
    this.#started = true;
    this.#complete = true;
    this.#toldIssues = NO_ISSUES;
  }

  /** The centre has nothing to build on: say everything again. */
  restart(): void {
    this.#told = new Map();
    this.#started = false;
    this.#complete = false;
    this.#toldIssues = NO_ISSUES;
  }

  /** The next frame of about one part's size, or undefined when everything is said. What it carries counts as told. */
  next(): InventoryFrame | undefined {
    if (!this.hasNews()) return undefined;
    const put = firstOf(this.#puts());
    const remove = this.#removes();
    const prevSeq = this.#started ? this.#seq : 0;
    for (const item of put) this.#told.set(item.name, item);
    for (const name of remove) this.#told.delete(name);
    this.#seq += 1;
    this.#started = true;
    this.#complete = this.#wantedComplete && this.#puts().length === 0;
    this.#toldIssues = JSON.stringify(this.#issues);
    return {
      type: 'inventory',
      bootId: this.bootId,
      seq: this.#seq,
      prevSeq,
      root: rootOf(this.#told),
      complete: this.#complete,
      put,
      remove,
      unreadable: this.#unreadable,
      ...(this.#issues.length === 0 ? {} : { issues: this.#issues }),
    };
  }

  /** A namespace that may not be read any more keeps what was known of it: to be unreadable is not to be empty. */
  #ofUnreadable(namespaces: readonly string[]): [string, TreeEntry][] {
    const names = namespaces.map((name) => namespaceEntryName(name));
    return [...this.#wanted].filter(([name]) => names.includes(name));
  }

  #puts(): TreeEntry[] {
    return [...this.#wanted.values()].filter((item) => this.#told.get(item.name)?.hash !== item.hash);
  }

  #removes(): string[] {
    if (!this.#wantedComplete) return [];
    return [...this.#told.keys()].filter((name) => !this.#wanted.has(name)).sort(byCodeUnit);
  }
}

function firstOf(entries: readonly TreeEntry[]): TreeEntry[] {
  const taken: TreeEntry[] = [];
  let size = 0;
  for (const item of entries) {
    if (taken.length > 0 && size + item.body.length > PART_BYTES) break;
    taken.push(item);
    size += item.body.length;
  }
  return taken;
}

function rootOf(entries: ReadonlyMap<string, TreeEntry>): string {
  return buildTree(entries.values()).root;
}

/** Entries of what can be said; a namespace that is too large or not well-formed is left out and named. */
function entriesOf(inventory: PackedInventory): { entries: Map<string, TreeEntry>; tooLarge: string[] } {
  const entries = new Map<string, TreeEntry>();
  const tooLarge: string[] = [];
  const facts = encodeFacts(inventory);
  if (facts) entries.set(facts.name, facts);
  for (const { name, readable, entry } of inventory.namespaces) {
    if (!readable) continue;
    if (entry && entry.body.length <= MAX_NAMESPACE_BYTES) entries.set(entry.name, entry);
    else tooLarge.push(name);
  }
  return { entries, tooLarge };
}
