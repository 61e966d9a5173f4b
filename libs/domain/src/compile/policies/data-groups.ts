import type { EgressPolicySpec } from '../../resources/policies/egress-policy.js';
import type { DataGroup, EgressPolicy, Policy } from '../../resources/types.js';
import { byCodeUnit } from '../../tree/canonical.js';
import { projectOf } from './targets.js';

type Allowed = NonNullable<EgressPolicySpec['allow']>[number];
type Place = Omit<Allowed, 'dataGroups'>;
type Port = NonNullable<Place['ports']>[number];

/** Ports of hosts that name none. */
export const WEB_PORTS: Port[] = [
  { number: 80, protocol: 'HTTP' },
  { number: 443, protocol: 'TLS' },
];

/** The groups that a policy may name, by name: those of its project. */
export function dataGroupsFor(policy: EgressPolicy, policies: readonly Policy[]): ReadonlyMap<string, DataGroup> {
  const groups = policies.filter((one): one is DataGroup => one.kind === 'DataGroup');
  return new Map(
    groups
      .filter((group) => projectOf(group) === projectOf(policy))
      .map((group) => [group.metadata.name, group] as const),
  );
}

/** What the policy allows itself, then what is in its groups by their names. A group that is not there holds nothing. */
function placesOf(allow: readonly Allowed[], groups: ReadonlyMap<string, DataGroup>): Place[] {
  const names = [...new Set(allow.flatMap(({ dataGroups = [] }) => dataGroups))].sort(byCodeUnit);
  return [
    ...allow.filter(({ dataGroups }) => dataGroups === undefined),
    ...names.flatMap((name) => groups.get(name)?.spec.members ?? []),
  ];
}

/** One allowance a host and network, with the ports of all places that name it; of two protocols for a port the first one counts. */
function joined(places: readonly Place[]): Allowed[] {
  const found = new Map<string, { place: Place; ports: Map<number, Port> }>();
  const add = (key: string, place: Place, ports: readonly Port[]): void => {
    const known = found.get(key) ?? { place, ports: new Map<number, Port>() };
    for (const port of ports) if (!known.ports.has(port.number)) known.ports.set(port.number, port);
    found.set(key, known);
  };
  for (const { hosts = [], cidrs = [], ports = WEB_PORTS } of places) {
    for (const host of hosts) add(`host ${host}`, { hosts: [host] }, ports);
    for (const cidr of cidrs) add(`cidr ${cidr}`, { cidrs: [cidr] }, ports);
  }
  return [...found.values()].map(({ place, ports }) => ({ ...place, ports: [...ports.values()] }));
}

/** What a gateway cannot call by name is not let through by one. */
function canGoThrough({ hosts = [], cidrs }: Allowed): boolean {
  return cidrs === undefined && !hosts.some((host) => host.startsWith('*.'));
}

/** The policies with the members of data groups in the place of their names; policies without such names stay as they are. */
export function withDataGroups<P extends Policy>(policies: readonly P[], all: readonly Policy[] = policies): P[] {
  return policies.map((policy) => {
    if (policy.kind !== 'EgressPolicy') return policy;
    const { allow = [], via, ...spec } = policy.spec;
    if (!allow.some(({ dataGroups }) => dataGroups !== undefined)) return policy;
    const members = joined(placesOf(allow, dataGroupsFor(policy, all)));
    const passing = via === undefined ? members : members.filter(canGoThrough);
    return { ...policy, spec: { ...spec, allow: passing, ...(via && { via }) } };
  });
}
