import type { HostEntry, MemberEntry } from '../intent/entries.js';
import { parseHostEntry, parseMemberEntry } from '../intent/parse-entry.js';
import type { ClusterInventory } from '../inventory/types.js';
import type { TreeEntry } from '../tree/types.js';
import type { Candidate } from './candidate.js';
import type { CatalogInput, MemberAbsence } from './catalog-input.js';
import { memberEntryName, type MemberKey } from './member-key.js';
import type { NamespaceScan } from './namespace-scan.js';

/** What can be said of a recorded member that the scan did not find among the candidates. UNSEEN: nothing, so it is kept. */
export type Verdict = MemberAbsence | 'UNSEEN';

/** What is known of the cluster that a recorded member lives in. */
export interface ClusterSight {
  /** False: no such cluster is registered any more. */
  registered: boolean;
  /** False: members may no longer live in it. */
  isMember: boolean;
  inventory: ClusterInventory | undefined;
  /** Of the readable namespaces, if the cluster was scanned. */
  scans: ReadonlyMap<string, NamespaceScan>;
  /** Names of namespaces that exist but cannot be read. */
  unreadable: ReadonlySet<string>;
}

function exists({ namespace, service }: MemberKey, { scans, inventory }: ClusterSight): boolean {
  const scan = scans.get(namespace);
  if (scan !== undefined) return scan.services.has(service);
  const known = inventory?.namespaces.find(({ name }) => name === namespace);
  return known?.services.some(({ name }) => name === service) ?? false;
}

/** Judges a recorded member that is no candidate. Only what a readable inventory or a person says can delete it. */
export function judgeRecorded(member: MemberKey, sight: ClusterSight | undefined): Verdict {
  if (sight?.registered !== true) return 'DELETED';
  const unseen = sight.inventory === undefined || sight.unreadable.has(member.namespace);
  if (unseen) return sight.isMember ? 'UNSEEN' : 'REMOVED';
  return exists(member, sight) ? 'REMOVED' : 'DELETED';
}

const restored = new WeakMap<TreeEntry, { host: TreeEntry; keys: string; candidate: Candidate }>();

function toCandidate(member: MemberEntry, host: HostEntry, labelKeys: readonly string[]): Candidate {
  const protocols = new Map(host.ports.map((port) => [port.number, port.protocol]));
  const ports = member.ports.map(({ number, targetPort }) => ({
    number,
    targetPort,
    protocol: protocols.get(number) ?? 'TCP',
  }));
  const { cluster, namespace, service, selector, labels = [], serviceAccounts = [], headless = false } = member;
  const { versions, versionLabel, machines = [] } = member;
  return {
    host: member.host,
    entryName: memberEntryName(member),
    cluster,
    namespace,
    service,
    headless,
    selector,
    labels: labels.filter(({ name }) => labelKeys.includes(name)),
    serviceAccounts,
    versions: {
      ...(versions === undefined ? {} : { versions }),
      ...(versionLabel === undefined ? {} : { versionLabel }),
    },
    ports,
    machines,
  };
}

/** The member as the catalog in force has it, or undefined if it holds none that this version can read. */
export function restoreMember(
  { previous, labelKeys = [] }: Pick<CatalogInput, 'previous' | 'labelKeys'>,
  key: MemberKey,
): Candidate | undefined {
  const item = previous?.entries.get(memberEntryName(key));
  const hostItem = previous?.entries.get(`host/${key.host}`);
  if (item === undefined || hostItem === undefined) return undefined;
  const keys = labelKeys.join();
  const known = restored.get(item);
  if (known?.host === hostItem && known.keys === keys) return known.candidate;
  const candidate = readCandidate(item, hostItem, labelKeys);
  if (candidate !== undefined) restored.set(item, { host: hostItem, keys, candidate });
  return candidate;
}

function readCandidate(item: TreeEntry, hostItem: TreeEntry, labelKeys: readonly string[]): Candidate | undefined {
  const member = parseMemberEntry(item.body);
  const host = parseHostEntry(hostItem.body);
  return member.ok && host.ok ? toCandidate(member.value, host.value, labelKeys) : undefined;
}
