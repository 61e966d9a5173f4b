import { EMPTY_TREE, isIntact, updateTree } from '@isthmus/domain';
import type { InventoryNamespace, Issue, Tree, TreeEntry } from '@isthmus/domain';
import { heldSetHash } from '@isthmus/plan';
import {
  FACTS_ENTRY,
  decodeFacts,
  decodeNamespace,
  encodeFacts,
  encodeNamespace,
  namespaceOfEntry,
} from '@isthmus/protocol';
import type { AgentMessageOf, InventoryFacts } from '@isthmus/protocol';
import { deletedItems, mergeNamespaces } from './namespace-merge.js';

/** What the centre holds of one cluster. */
export interface StoredInventory {
  facts: InventoryFacts;
  namespaces: ReadonlyMap<string, InventoryNamespace>;
  /** What the agent could not read when it last told. */
  issues: readonly Issue[];
}

/** What to write after a frame, in the store's terms. */
export interface IntakeUpdate {
  root: string;
  complete: boolean;
  facts: InventoryFacts;
  issues: readonly Issue[];
  put: { namespace: string; hash: string; body: string; readable: boolean }[];
  remove: string[];
}

export type IntakeResult =
  | { kind: 'write'; update: IntakeUpdate; held: { setHash: string; items: string[] } | undefined }
  /** The chain is broken: ask for it again from nothing. Nothing is written. */
  | { kind: 'resync'; reason: string };

/** Says whether so many of so many services may go; counts them if so. */
export type AllowDeletions = (count: number, total: number) => boolean;

/**
 * Takes inventory frames of one stream. Deletions are believed only at the end of an unbroken chain from nothing, announced complete, whose
 * recomputed root matches; and then only as far as the breaker or a person's approval of that very set lets them.
 */
export class InventoryIntake {
  #view: Tree = EMPTY_TREE;
  #lastSeq: number | undefined;
  #stored: StoredInventory;

  constructor(
    stored: StoredInventory,
    private readonly allow: AllowDeletions,
    private readonly bootId: string,
  ) {
    this.#stored = stored;
  }

  /** True if the centre has exactly the view of this root; with issues stored the agent has to say whether they still hold. */
  isCurrent(root: string): boolean {
    return this.#stored.issues.length === 0 && treeOf(this.#stored).root === root;
  }

  /** The agent announced the stored root: the chain goes on from there. */
  resume(seq: number): void {
    this.#view = treeOf(this.#stored);
    this.#lastSeq = seq;
  }

  take(frame: AgentMessageOf<'inventory'>, approvedSet?: string): IntakeResult {
    const broken = this.#brokenBy(frame);
    if (broken !== undefined) return this.#resync(broken);
    const base = frame.prevSeq === 0 ? EMPTY_TREE : this.#view;
    const view = updateTree(base, { put: frame.put, remove: frame.remove });
    if (view.root !== frame.root) return this.#resync('the recomputed root differs');
    const parsed = parseView(view, frame.issues ?? []);
    if (parsed === undefined) return this.#resync('an entry cannot be read');
    this.#view = view;
    this.#lastSeq = frame.seq;
    return this.#judge({ view: parsed, complete: frame.complete, unreadable: new Set(frame.unreadable), approvedSet });
  }

  /** Judges the present view again, after an approval. Undefined while there is no complete view. */
  again(approvedSet: string): IntakeResult | undefined {
    const view = this.#lastSeq === undefined ? undefined : parseView(this.#view, this.#stored.issues);
    return view && this.#judge({ view, complete: true, unreadable: new Set(), approvedSet });
  }

  #brokenBy(frame: AgentMessageOf<'inventory'>): string | undefined {
    if (frame.bootId !== this.bootId) return 'another boot id than in hello';
    if (frame.prevSeq !== 0 && frame.prevSeq !== this.#lastSeq) return 'a frame is missing';
    return frame.put.every(isIntact) ? undefined : 'a body does not hash to what it says';
  }

  #resync(reason: string): IntakeResult {
    this.#view = EMPTY_TREE;
    this.#lastSeq = undefined;
    return { kind: 'resync', reason };
  }

  #judge(seen: Seen): IntakeResult {
    const deleted = seen.complete ? deletedItems(this.#stored.namespaces, seen.view.namespaces, seen.unreadable) : [];
    const setHash = heldSetHash(deleted);
    const exact =
      seen.complete &&
      (deleted.length === 0 || setHash === seen.approvedSet || this.allow(deleted.length, countItems(this.#stored)));
    const next = exact ? withUnreadable(this.#stored, seen) : mergeInventories(this.#stored, seen.view);
    const update = { ...changes(this.#stored, next, seen.unreadable), complete: seen.complete };
    this.#stored = next;
    const held = seen.complete && !exact ? { setHash, items: deleted } : undefined;
    return { kind: 'write', update, held };
  }
}

interface Seen {
  view: StoredInventory;
  complete: boolean;
  unreadable: ReadonlySet<string>;
  approvedSet: string | undefined;
}

function parseView(view: Tree, issues: readonly Issue[]): StoredInventory | undefined {
  const namespaces = new Map<string, InventoryNamespace>();
  let facts: InventoryFacts = { mesh: {}, gateways: [] };
  for (const item of view.entries.values()) {
    if (item.name === FACTS_ENTRY) {
      const found = decodeFacts(item.body);
      if (found === undefined) return undefined;
      facts = found;
      continue;
    }
    const namespace = decodeNamespace(item.body);
    if (namespace === undefined || namespace.name !== namespaceOfEntry(item.name)) return undefined;
    namespaces.set(namespace.name, namespace);
  }
  return { facts, namespaces, issues };
}

function treeOf({ facts, namespaces }: StoredInventory): Tree {
  const entries = [encodeFacts(facts), ...[...namespaces.values()].map(encodeNamespace)];
  return updateTree(EMPTY_TREE, { put: entries.filter((item): item is TreeEntry => item !== undefined) });
}

/** A namespace that could not be listed stays as it was last seen. */
function withUnreadable(stored: StoredInventory, { view, unreadable }: Seen): StoredInventory {
  const kept = [...stored.namespaces].filter(([name]) => unreadable.has(name) && !view.namespaces.has(name));
  return { ...view, namespaces: new Map([...kept, ...view.namespaces]) };
}

function mergeInventories(stored: StoredInventory, view: StoredInventory): StoredInventory {
  const merged = new Map(stored.namespaces);
  for (const [name, namespace] of view.namespaces)
    merged.set(name, mergeNamespaces(stored.namespaces.get(name), namespace));
  return { facts: mergeFacts(stored.facts, view.facts), namespaces: merged, issues: view.issues };
}

/** An incomplete view may not have seen the mesh or a gateway yet. */
function mergeFacts(stored: InventoryFacts, seen: InventoryFacts): InventoryFacts {
  return {
    mesh: { ...stored.mesh, ...seen.mesh },
    gateways: seen.gateways.length > 0 ? seen.gateways : stored.gateways,
  };
}

function changes(
  before: StoredInventory,
  after: StoredInventory,
  unreadable: ReadonlySet<string>,
): Omit<IntakeUpdate, 'complete'> {
  const put: IntakeUpdate['put'] = [];
  for (const [name, namespace] of after.namespaces) {
    const hash = encodeNamespace(namespace)?.hash ?? '';
    const known = before.namespaces.get(name);
    const readable = !unreadable.has(name);
    if (known?.readable === readable && encodeNamespace(known)?.hash === hash) continue;
    put.push({ namespace: name, hash, body: JSON.stringify({ ...namespace, readable }), readable });
  }
  const remove = [...before.namespaces.keys()].filter((name) => !after.namespaces.has(name)).sort();
  const { facts, issues } = after;
  return { root: treeOf(after).root, facts, issues, put, remove };
}

function countItems({ namespaces }: StoredInventory): number {
  let count = namespaces.size;
  for (const { services } of namespaces.values()) count += services.length;
  return count;
}
