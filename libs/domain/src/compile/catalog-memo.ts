import type { MemberState } from '../intent/entries.js';
import type { ClusterInventory, InventoryNamespace } from '../inventory/types.js';
import type { Issue } from '../issues/issue.js';
import { EMPTY_TREE } from '../tree/build.js';
import type { Tree, TreeEntry } from '../tree/types.js';
import type { Candidate } from './candidate.js';
import type { LeavingMember, MemberStateRow, PortContractRow } from './catalog-input.js';
import type { HostPlan } from './host-plan.js';
import type { MemberKey } from './member-key.js';
import type { NamespaceScan } from './namespace-scan.js';
import type { ClusterSight } from './recorded-members.js';
import { RecordedVips } from './recorded-vips.js';
import { RowsByHost } from './rows-by-host.js';

/** Entries of one host, with what they were written from. */
export interface WrittenHost {
  plan: HostPlan;
  vip: string;
  states: string;
  entries: readonly TreeEntry[];
}

/** What the last compile knew of one host. */
export interface HostRecord {
  readonly host: string;
  /** Candidates of the scans; kept ones are not among them. */
  candidates: Candidate[];
  /** Undefined: nobody asks for the host. */
  plan: HostPlan | undefined;
  /** What the plan was made from. */
  signature: readonly unknown[];
  /** Recorded members that are gone. */
  deleted: readonly LeavingMember[];
  /** Issues of recorded members that cannot be seen. */
  unseen: readonly Issue[];
  /** Clusters of recorded members that are no candidates of a scan. */
  unfoundIn: readonly string[];
  /** Recorded members that are not both asked for and served. */
  unsettledRows: readonly MemberStateRow[];
  vip: string | undefined;
  written: WrittenHost | undefined;
}

/** A cluster as it was scanned last, with what the scan was made from. */
export interface KnownCluster {
  key: string;
  isMember: boolean;
  inventory: ClusterInventory | undefined;
  sight: ClusterSight;
}

/** Names of hosts that every compile looks at, because something about them is unusual or not finished. */
export interface WatchedHosts {
  /** With recorded members that no scan found. */
  unfound: Set<string>;
  /** With candidates that belong to another global namespace. */
  claimed: Set<string>;
  /** With members whose state may move. */
  unsettled: Set<string>;
  /** With members, but without recorded address. */
  unaddressed: Set<string>;
  /** With an address outside the range. */
  outside: Set<string>;
  /** With issues, rows to record, or members that leave. */
  telling: Set<string>;
}

function noHosts(): WatchedHosts {
  return {
    unfound: new Set(),
    claimed: new Set(),
    unsettled: new Set(),
    unaddressed: new Set(),
    outside: new Set(),
    telling: new Set(),
  };
}

/** States of members by the name of their entry. */
export type MemberStates = ReadonlyMap<string, MemberState>;

/**
 * Remembers the parts of earlier compiles of one global namespace, so that the next one recomputes only what changed. Never
 * changes a result: a part is reused only if everything that it was made from is the same. Inventory namespaces and recorded
 * rows are known by identity, so callers keep the objects of what did not change.
 */
export class CatalogMemo {
  /** Specs that the memo belongs to; another one empties it. */
  key = '';
  /** Counts compiles: what an earlier one left to do is not done on the memo of a later one. */
  turn = 0;
  namespaces = new WeakMap<InventoryNamespace, { cluster: string; scan: NamespaceScan }>();
  clusters = new Map<string, KnownCluster>();
  hosts = new Map<string, HostRecord>();
  rows = new RowsByHost<MemberStateRow>();
  contracts = new RowsByHost<PortContractRow>();
  vips = new RecordedVips();
  watched = noHosts();
  /** Members that are asked for, sorted. */
  desired: readonly MemberKey[] = [];
  issues: { sources: readonly (readonly Issue[])[]; sorted: readonly Issue[] } = { sources: [], sorted: [] };
  /** Hosts that were looked at since the tree was written last. */
  unwritten = new Set<string>();
  clusterEntries: readonly string[] = [];
  tree: Tree = EMPTY_TREE;

  /** Empties the memo unless it was made under the same specs. */
  under(key: string): this {
    if (this.key !== key) this.clear(key);
    return this;
  }

  /** Forgets everything. */
  clear(key = ''): void {
    this.key = key;
    this.namespaces = new WeakMap();
    this.clusters = new Map();
    this.hosts = new Map();
    this.rows = new RowsByHost();
    this.contracts = new RowsByHost();
    this.vips = new RecordedVips();
    this.watched = noHosts();
    this.desired = [];
    this.issues = { sources: [], sorted: [] };
    this.unwritten = new Set();
    this.clusterEntries = [];
    this.tree = EMPTY_TREE;
  }

  /** The record of a host; a new one knows nothing yet. */
  recordOf(host: string): HostRecord {
    const known = this.hosts.get(host);
    if (known !== undefined) return known;
    const record: HostRecord = {
      host,
      candidates: [],
      plan: undefined,
      signature: [],
      deleted: [],
      unseen: [],
      unfoundIn: [],
      unsettledRows: [],
      vip: undefined,
      written: undefined,
    };
    this.hosts.set(host, record);
    return record;
  }

  /** Watches a host, or no longer. */
  watch(host: string, marks: Partial<Record<keyof WatchedHosts, boolean>>): void {
    for (const name of WATCHES) {
      const isWatched = marks[name];
      if (isWatched === true) this.watched[name].add(host);
      else if (isWatched === false) this.watched[name].delete(host);
    }
  }
}

const WATCHES = ['unfound', 'claimed', 'unsettled', 'unaddressed', 'outside', 'telling'] as const;
