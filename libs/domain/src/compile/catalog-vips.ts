import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { DEFAULT_VIP_CIDR, VipAllocator, type VipRow } from '../vips/allocate.js';
import { parseCidr, parseIpv4 } from '../vips/ipv4.js';
import { gnsRef } from './candidate.js';
import type { CatalogInput } from './catalog-input.js';
import type { HostPlan } from './host-plan.js';

/** Addresses of the hosts of a catalog: recorded ones never move, new ones are found by hash and probe. */
export interface VipPlan {
  addresses: Map<string, string>;
  newVips: VipRow[];
  issues: Issue[];
}

function recordedAddresses(input: CatalogInput, issues: Issue[]): Map<string, string | undefined> {
  const addresses = new Map<string, string | undefined>();
  const holders = new Map<string, string>();
  for (const { host, address } of [...input.vips].sort((a, b) => (a.host < b.host ? -1 : 1))) {
    const holder = holders.get(address);
    const isUsable = parseIpv4(address) !== undefined && holder === undefined && !addresses.has(host);
    addresses.set(host, addresses.get(host) ?? (isUsable ? address : undefined));
    if (isUsable) holders.set(address, host);
    else {
      const message = `${address} of ${host} ${holder === undefined || holder === host ? 'is not one usable IPv4 address' : `is also the address of ${holder}`}`;
      issues.push(issue('ISM0231', { path: 'spec.vipCIDR', message, resource: gnsRef(input.gns) }));
    }
  }
  return addresses;
}

function outsideIssue(input: CatalogInput, addresses: ReadonlyMap<string, string>): Issue[] {
  const cidr = input.gns.spec.vipCIDR ?? DEFAULT_VIP_CIDR;
  const range = parseCidr(cidr);
  const outside = [...addresses].filter(([, address]) => {
    const value = parseIpv4(address) ?? 0;
    return range !== undefined && (value < range.first || value > range.last);
  });
  const [first] = outside;
  if (first === undefined) return [];
  const message = `${outside.length} host${outside.length === 1 ? '' : 's'} keep${outside.length === 1 ? 's' : ''} an address outside ${cidr}: ${first[0]} has ${first[1]}`;
  return [issue('ISM0232', { path: 'spec.vipCIDR', message, resource: gnsRef(input.gns) })];
}

function allocatorFor(input: CatalogInput): VipAllocator {
  const taken = new Set([...(input.takenVips ?? []), ...input.vips.map((row) => row.address)]);
  const avoid = input.clusters.flatMap(({ spec }) => [...(spec.podCIDRs ?? []), ...(spec.serviceCIDRs ?? [])]);
  return new VipAllocator({ cidr: input.gns.spec.vipCIDR ?? DEFAULT_VIP_CIDR, taken, avoid });
}

/** Gives every planned host its address; a host without one is left out, with an issue. */
export function planVips(input: CatalogInput, hosts: readonly HostPlan[]): VipPlan {
  const issues: Issue[] = [];
  const recorded = recordedAddresses(input, issues);
  const addresses = new Map<string, string>();
  const newVips: VipRow[] = [];
  let allocator: VipAllocator | undefined;
  for (const { host, members } of hosts) {
    const known = recorded.get(host);
    if (known !== undefined) addresses.set(host, known);
    if (recorded.has(host) || members.length === 0) continue;
    allocator ??= allocatorFor(input);
    const address = allocator.allocate(host);
    if (address === undefined) {
      const message = `no free address for ${host} in ${input.gns.spec.vipCIDR ?? DEFAULT_VIP_CIDR}`;
      issues.push(issue('ISM0230', { path: 'spec.vipCIDR', message, resource: gnsRef(input.gns) }));
      continue;
    }
    addresses.set(host, address);
    newVips.push({ host, address });
  }
  return { addresses, newVips, issues: [...issues, ...outsideIssue(input, addresses)] };
}
