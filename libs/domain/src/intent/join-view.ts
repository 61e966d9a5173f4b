import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { sortIssues } from '../issues/sort-issues.js';
import { byCodeUnit } from '../tree/canonical.js';
import { hostOf } from '../tree/entry.js';
import type { Tree, TreeEntry } from '../tree/types.js';
import type {
  ClusterEntry,
  EncryptionEntry,
  GnsEntry,
  GroupEntry,
  HostEntry,
  MemberEntry,
  RemovedEntry,
  SloEntry,
  UserGroupEntry,
} from './entries.js';
import type { ExternalEntry } from './external.js';
import type { PublicEntry } from './public.js';
import type { BlockEntry } from './features/block.js';
import {
  parseBlockEntry,
  parseClusterEntry,
  parseEncryptionEntry,
  parseExternalEntry,
  parseGnsEntry,
  parseGroupEntry,
  parseHostEntry,
  parseMemberEntry,
  parsePublicEntry,
  parseRemovedEntry,
  parseSloEntry,
  parseUserGroupEntry,
  type ParsedEntry,
} from './parse-entry.js';
import { groupMatcher, type GroupMatcher } from './service-groups.js';
import type { GnsView, HostView } from './view.js';

/** Policy and catalog of one global namespace, joined; what cannot be read is named, and its last good objects are kept. */
export interface JoinedView {
  /** Undefined without a policy (then nothing is rendered), or if `keepAll`. */
  view: GnsView | undefined;
  /** True: an entry that concerns the whole global namespace needs a newer version; every last good object stays. */
  keepAll: boolean;
  /** Hosts with an entry that needs a newer version, sorted; they are not in the view and their last good objects stay. */
  keepHosts: string[];
  issues: Issue[];
}

type AnyEntry =
  | BlockEntry
  | GnsEntry
  | GroupEntry
  | EncryptionEntry
  | ExternalEntry
  | PublicEntry
  | SloEntry
  | UserGroupEntry
  | ClusterEntry
  | HostEntry
  | MemberEntry
  | RemovedEntry;

/** Entries are immutable and shared between trees, so a body is parsed once however many trees hold it. */
const parsed = new WeakMap<TreeEntry, ParsedEntry<AnyEntry>>();

const BLOCK_NAME = /^(?:gns|host\/[^/]+)\/block\//;
const EXTERNAL = 'gns/external/';
const PUBLIC = 'gns/public/';
const GROUP_NAME = /^gns\/group\/[^/]+$/;
const USER_GROUP_NAME = /^gns\/user-group\/[^/]+\/[^/]+$/;
const SLO_NAME = /^(?:gns|host\/[^/]+)\/slo\//;
const CLUSTER_NAME = /^cluster\/[^/]+$/;
const HOST_NAME = /^host\/[^/]+$/;
const MEMBER_NAME = /^host\/[^/]+\/member\//;
const REMOVED_NAME = /^host\/[^/]+\/removed$/;

class Joiner {
  gns: GnsEntry | undefined;
  encryption: EncryptionEntry | undefined;
  readonly slos: GnsView['slos'] = [];
  readonly groups: GroupEntry[] = [];
  readonly externals: ExternalEntry[] = [];
  readonly publics: PublicEntry[] = [];
  readonly userGroups: UserGroupEntry[] = [];
  readonly blocks: BlockEntry[] = [];
  readonly hostBlocks = new Map<string, BlockEntry[]>();
  readonly clusters: ClusterEntry[] = [];
  readonly hosts = new Map<string, HostEntry>();
  readonly members = new Map<string, MemberEntry[]>();
  readonly kept = new Set<string>();
  readonly issues: Issue[] = [];
  keepAll = false;

  /** Reads with the parser; a fault keeps the entry's host, or everything if the entry belongs to no host. */
  private read<T extends AnyEntry>(item: TreeEntry, parse: (body: string) => ParsedEntry<T>): T | undefined {
    const known = parsed.get(item) as ParsedEntry<T> | undefined;
    const result = known ?? parse(item.body);
    if (known === undefined) parsed.set(item, result);
    if (result.ok) return result.value;
    this.refuse(item.name, result.detail);
    return undefined;
  }

  private refuse(name: string, detail: string): void {
    const host = hostOf(name);
    if (host === undefined) this.keepAll = true;
    else this.kept.add(host);
    this.issues.push(
      issue('ISM0250', { path: name, message: `entry ${name} cannot be read by this version: ${detail}` }),
    );
  }

  addPolicy(item: TreeEntry): void {
    if (item.name === 'gns') this.gns = this.read(item, parseGnsEntry);
    else if (item.name === 'gns/encryption') this.encryption = this.read(item, parseEncryptionEntry);
    else if (SLO_NAME.test(item.name)) this.addSlo(item);
    else if (BLOCK_NAME.test(item.name)) this.addBlock(item);
    else if (GROUP_NAME.test(item.name)) this.addGroup(item);
    else if (item.name.startsWith(EXTERNAL)) this.addExternal(item);
    else if (item.name.startsWith(PUBLIC)) this.addPublic(item);
    else if (USER_GROUP_NAME.test(item.name)) this.addUserGroup(item);
    else this.refuse(item.name, 'unknown kind of entry');
  }

  private addSlo(item: TreeEntry): void {
    const slo = this.read(item, parseSloEntry);
    const host = hostOf(item.name);
    if (slo !== undefined) this.slos.push(host === undefined ? { slo } : { host, slo });
  }

  private addUserGroup(item: TreeEntry): void {
    const group = this.read(item, parseUserGroupEntry);
    if (group !== undefined) this.userGroups.push(group);
  }

  private addGroup(item: TreeEntry): void {
    const group = this.read(item, parseGroupEntry);
    if (group !== undefined) this.groups.push(group);
  }

  private addExternal(item: TreeEntry): void {
    const external = this.read(item, parseExternalEntry);
    if (external !== undefined) this.externals.push(external);
  }

  private addPublic(item: TreeEntry): void {
    const entry = this.read(item, parsePublicEntry);
    if (entry !== undefined) this.publics.push(entry);
  }

  private addBlock(item: TreeEntry): void {
    const block = this.read(item, parseBlockEntry);
    if (block === undefined) return;
    const host = hostOf(item.name);
    if (host === undefined) this.blocks.push(block);
    else this.hostBlocks.set(host, [...(this.hostBlocks.get(host) ?? []), block]);
  }

  addCatalog(item: TreeEntry): void {
    if (CLUSTER_NAME.test(item.name)) this.addCluster(item);
    else if (HOST_NAME.test(item.name)) this.addHost(item);
    else if (MEMBER_NAME.test(item.name)) this.addMember(item);
    else if (REMOVED_NAME.test(item.name)) this.read(item, parseRemovedEntry);
    else this.refuse(item.name, 'unknown kind of entry');
  }

  private addCluster(item: TreeEntry): void {
    const cluster = this.read(item, parseClusterEntry);
    if (cluster !== undefined) this.clusters.push(cluster);
  }

  private addHost(item: TreeEntry): void {
    const host = this.read(item, parseHostEntry);
    if (host !== undefined) this.hosts.set(host.host, host);
  }

  private addMember(item: TreeEntry): void {
    const member = this.read(item, parseMemberEntry);
    if (member === undefined) return;
    const known = this.members.get(member.host);
    if (known === undefined) this.members.set(member.host, [member]);
    else known.push(member);
  }

  /** Hosts in order; a member whose host entry is absent is inert. */
  hostViews(): HostView[] {
    const groups = this.groups.map((group): [string, GroupMatcher] => [group.name, groupMatcher(group)]);
    return [...this.hosts]
      .filter(([name]) => !this.kept.has(name))
      .sort((a, b) => byCodeUnit(a[0], b[0]))
      .map(([name, host]) => {
        const blocks = this.hostBlocks.get(name);
        const members = this.members.get(name) ?? [];
        const within = groups.filter(([, has]) => members.some(has)).map(([group]) => group);
        return {
          host,
          members,
          ...(blocks === undefined ? {} : { blocks }),
          ...(within.length === 0 ? {} : { groups: within }),
        };
      });
  }
}

/**
 * Joins the policy tree and the catalog of one global namespace into what agents render: the same value in every cluster.
 * Without a `gns` entry there is nothing to render, so discovery cannot expose a service before its protection.
 */
export function joinView(policy: Tree, catalog: Tree): JoinedView {
  const joiner = new Joiner();
  for (const item of policy.entries.values()) joiner.addPolicy(item);
  for (const item of catalog.entries.values()) joiner.addCatalog(item);
  const { gns, encryption, slos, groups, userGroups, externals, publics, blocks, clusters, kept, keepAll, issues } =
    joiner;
  const view =
    gns === undefined || keepAll
      ? undefined
      : {
          gns,
          encryption,
          slos,
          ...(blocks.length === 0 ? {} : { blocks }),
          ...(groups.length === 0 ? {} : { groups }),
          ...(externals.length === 0 ? {} : { externals }),
          ...(publics.length === 0 ? {} : { publics }),
          ...(userGroups.length === 0 ? {} : { userGroups }),
          clusters,
          hosts: joiner.hostViews(),
        };
  return { view, keepAll, keepHosts: [...kept].sort(byCodeUnit), issues: sortIssues(issues) };
}
