import type { HostEntry, MemberEntry, MemberState } from '../intent/entries.js';
import { entry } from '../tree/entry.js';
import type { TreeEntry } from '../tree/types.js';
import type { Candidate } from './candidate.js';
import { canonicalBody } from './canonical-body.js';
import type { HostPlan } from './host-plan.js';

/** A member with the state that its entry carries. */
export interface StatedMember {
  candidate: Candidate;
  state: MemberState;
}

/** Members of the host that have a state: all that are asked for, and leaving ones that still drain. */
export function statedMembers(plan: HostPlan, stateOf: (member: Candidate) => MemberState | undefined): StatedMember[] {
  const asked = plan.members.map((candidate) => ({
    candidate,
    state: stateOf(candidate) ?? 'wanted',
  }));
  const leaving = plan.leaving.flatMap((candidate) => {
    const state = stateOf(candidate);
    return state === undefined ? [] : [{ candidate, state }];
  });
  return [...asked, ...leaving];
}

function memberEntry({ candidate, state }: StatedMember): TreeEntry {
  const { host, cluster, namespace, service, headless, selector, labels, serviceAccounts, versions } = candidate;
  const { ports, machines } = candidate;
  const body: MemberEntry = {
    kind: 'member',
    host,
    cluster,
    namespace,
    service,
    state,
    ...(headless ? { headless } : {}),
    selector,
    ...(labels.length === 0 ? {} : { labels }),
    serviceAccounts,
    ...versions,
    ports: ports.map(({ number, targetPort }) => ({ number, targetPort })),
    ...(machines.length === 0 ? {} : { machines: [...machines] }),
  };
  return entry(candidate.entryName, canonicalBody(body));
}

/** Entries of one host: its contract over the ports that a member has, and each member. None without members. */
export function writeHost(plan: HostPlan, vip: string, members: readonly StatedMember[]): TreeEntry[] {
  const [first] = members;
  if (first === undefined) return [];
  const offered = new Set(members.flatMap(({ candidate }) => candidate.ports.map((port) => port.number)));
  const rows = [...plan.ports.values()].filter((row) => offered.has(row.number)).sort((a, b) => a.number - b.number);
  const body: HostEntry = {
    kind: 'host',
    host: plan.host,
    service: first.candidate.service,
    vip,
    ports: rows.map(({ number, name, protocol }) => ({ number, name, protocol })),
  };
  return [entry(`host/${plan.host}`, canonicalBody(body)), ...members.map(memberEntry)];
}
