import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { byCodeUnit } from '../tree/canonical.js';
import { DEFAULT_VIP_CIDR, VipAllocator, type VipRow } from '../vips/allocate.js';
import { parseCidr, parseIpv4 } from '../vips/ipv4.js';
import { gnsRef } from './candidate.js';
import type { CatalogInput } from './catalog-input.js';
import type { CatalogMemo, HostRecord } from './catalog-memo.js';
import type { CatalogPlan } from './catalog-plan.js';

/** What giving every planned host its address came to; the addresses themselves are in the memo. */
export interface VipPlan {
  newVips: VipRow[];
  issues: Issue[];
  /** Hosts that have an address now and had none, or the other way round. */
  moved: ReadonlySet<string>;
}

function unusableIssues(input: CatalogInput, memo: CatalogMemo): Issue[] {
  return memo.vips.unusable.map(({ host, address, holder }) => {
    const what = holder === undefined ? 'is not one usable IPv4 address' : `is also the address of ${holder}`;
    const message = `${address} of ${host} ${what}`;
    return issue('ISM0231', { path: 'spec.vipCIDR', message, resource: gnsRef(input.gns) });
  });
}

function outsideIssues(input: CatalogInput, memo: CatalogMemo): Issue[] {
  const { outside } = memo.watched;
  const [first] = [...outside].sort(byCodeUnit);
  if (first === undefined) return [];
  const [hosts, keep] = outside.size === 1 ? ['host', 'keeps'] : ['hosts', 'keep'];
  const cidr = input.gns.spec.vipCIDR ?? DEFAULT_VIP_CIDR;
  const message = `${outside.size} ${hosts} ${keep} an address outside ${cidr}: ${first} has ${memo.hosts.get(first)?.vip}`;
  return [issue('ISM0232', { path: 'spec.vipCIDR', message, resource: gnsRef(input.gns) })];
}

function allocatorFor(input: CatalogInput, memo: CatalogMemo): VipAllocator {
  const isTaken = (address: string): boolean => input.takenVips?.has(address) === true || memo.vips.isHeld(address);
  const avoid = input.clusters.flatMap(({ spec }) => [...(spec.podCIDRs ?? []), ...(spec.serviceCIDRs ?? [])]);
  return new VipAllocator({ cidr: input.gns.spec.vipCIDR ?? DEFAULT_VIP_CIDR, taken: { has: isTaken }, avoid });
}

/** Gives a host that is looked at again its recorded address. */
function recordedAddress(record: HostRecord, memo: CatalogMemo): void {
  const { host, plan } = record;
  record.vip = plan === undefined ? undefined : memo.vips.addressOf(host);
  const hasMembers = (plan?.members.length ?? 0) > 0;
  memo.watch(host, { unaddressed: hasMembers && !memo.vips.isRecorded(host) });
}

function allocate(input: CatalogInput, memo: CatalogMemo): Pick<VipPlan, 'newVips' | 'issues'> {
  const hosts = [...memo.watched.unaddressed].sort(byCodeUnit);
  const [newVips, issues]: [VipRow[], Issue[]] = [[], []];
  if (hosts.length === 0) return { newVips, issues };
  const allocator = allocatorFor(input, memo);
  for (const host of hosts) {
    const address = allocator.allocate(host);
    memo.recordOf(host).vip = address;
    if (address !== undefined) newVips.push({ host, address });
    else {
      const message = `no free address for ${host} in ${input.gns.spec.vipCIDR ?? DEFAULT_VIP_CIDR}`;
      issues.push(issue('ISM0230', { path: 'spec.vipCIDR', message, resource: gnsRef(input.gns) }));
    }
  }
  return { newVips, issues };
}

/** Gives every planned host its address: recorded ones never move, new ones are found by hash and probe. A host without one is left out, with an issue. */
export function planVips(input: CatalogInput, plan: CatalogPlan, memo: CatalogMemo): VipPlan {
  const hosts = new Set([...plan.touched, ...memo.vips.follow(input.vips), ...memo.watched.unaddressed]);
  const records = [...hosts].flatMap((host) => memo.hosts.get(host) ?? []);
  const before = new Map(records.map((record) => [record, record.vip]));
  for (const record of records) recordedAddress(record, memo);
  const { newVips, issues } = allocate(input, memo);
  const range = parseCidr(input.gns.spec.vipCIDR ?? DEFAULT_VIP_CIDR);
  const moved = new Set<string>();
  for (const [record, old] of before) {
    const { host, vip } = record;
    const value = vip === undefined ? undefined : parseIpv4(vip);
    const isOutside = range !== undefined && value !== undefined && (value < range.first || value > range.last);
    memo.unwritten.add(host);
    memo.watch(host, { outside: isOutside });
    if ((old === undefined) !== (vip === undefined)) moved.add(host);
  }
  return { newVips, moved, issues: [...unusableIssues(input, memo), ...issues, ...outsideIssues(input, memo)] };
}
