import type { MemberState, PortProtocol } from '../intent/entries.js';
import type { ClusterInventory } from '../inventory/types.js';
import type { Issue } from '../issues/issue.js';
import type { GlobalNamespace, WorkloadSite } from '../resources/types.js';
import type { Tree } from '../tree/types.js';
import type { VipRow } from '../vips/allocate.js';
import type { Fleet } from './cluster-selection.js';
import type { MemberKey } from './member-key.js';

/** A recorded port of a host: the first member that offers a number fixes its name and protocol. */
export interface PortContractRow {
  host: string;
  number: number;
  name: string;
  protocol: PortProtocol;
  /** The member that fixed it: `<cluster>/<namespace>/<service>`. */
  fixedBy: string;
}

/** A recorded member with its state. */
export interface MemberStateRow extends MemberKey {
  state: MemberState;
}

/** How a service leaves its home: its clients are drained, or a person is still to let it go. */
export type LeavingClaim = 'DRAINING' | 'HELD';

/** Everything that a catalog is a function of: inventory, selectors and recorded allocations; never policies. */
export interface CatalogInput extends Fleet {
  gns: GlobalNamespace;
  /** Clusters pinned in the revision that is in force; undefined = resolved from the rules. */
  memberClusters?: readonly string[];
  /** By cluster name; a cluster without inventory is unknown, not empty. */
  inventories: ReadonlyMap<string, ClusterInventory>;
  /** Recorded addresses of the global namespace's hosts. */
  vips: readonly VipRow[];
  /** Addresses of the whole organization, so that allocations avoid each other. */
  takenVips?: ReadonlySet<string>;
  portContracts: readonly PortContractRow[];
  memberStates: readonly MemberStateRow[];
  /** Services whose home is another global namespace: `<cluster>/<namespace>/<service>` → `<project>/<name>`. */
  claims?: ReadonlyMap<string, string>;
  /** Those of these services that are leaving their home, so that they may come here. */
  leavingClaims?: ReadonlyMap<string, LeavingClaim>;
  /** Keys of the labels that members carry, because service groups look at them; sorted. */
  labelKeys?: readonly string[];
  /** Machines outside of Kubernetes that count, as `sitesOf` finds them. */
  sites?: readonly WorkloadSite[];
  /** The catalog in force: what a partial view keeps is taken from it. */
  previous?: Tree;
}

/**
 * Why a recorded member is no longer wanted. DELETED: the service, its namespace or its cluster is gone, as observed in a
 * readable inventory or decided by a person. REMOVED: it exists, but the rules no longer make it a member.
 */
export type MemberAbsence = 'DELETED' | 'REMOVED';

/** A recorded member that is no longer wanted. */
export interface LeavingMember extends MemberKey {
  cause: MemberAbsence;
}

/** What a catalog compile found out beside the tree; rows that are new are to be recorded in the same transaction. */
export interface CatalogOutcome {
  issues: Issue[];
  newVips: VipRow[];
  newPortContracts: PortContractRow[];
  /** Hosts whose recorded contract no member speaks any more: their new rows replace the recorded ones. */
  refixedHosts: string[];
  /** Members that the rules and the inventory ask for, kept ones included; sorted. */
  desiredMembers: MemberKey[];
  /** Recorded members that nothing asks for; sorted. */
  leavingMembers: LeavingMember[];
}
