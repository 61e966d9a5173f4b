import { sha256Hex } from '../tree/hash.js';
import { formatIpv4, parseCidr, type Ipv4Range } from './ipv4.js';

/** The range of global namespaces that name none. */
export const DEFAULT_VIP_CIDR = '240.64.0.0/12';

/** Ranges that meshes hand out themselves: Istio's automatic service entry addresses and Kuma's. */
export const RESERVED_VIP_CIDRS = ['240.240.0.0/16', '243.0.0.0/8'] as const;

/** A recorded virtual address of a host. It never moves. */
export interface VipRow {
  host: string;
  address: string;
}

/** What an allocation may not use, beside the reserved ranges. */
export interface VipSpace {
  cidr: string;
  /** Addresses that any host of the organization holds. */
  taken: Pick<ReadonlySet<string>, 'has'>;
  /** CIDRs of member clusters. */
  avoid?: readonly string[];
}

function usable(cidr: string): Ipv4Range | undefined {
  const range = parseCidr(cidr);
  if (range === undefined || range.prefix > 30) return range;
  return { ...range, first: range.first + 1, last: range.last - 1 };
}

function blockedRanges(avoid: readonly string[] = []): Ipv4Range[] {
  return [...RESERVED_VIP_CIDRS, ...avoid].map((cidr) => parseCidr(cidr)).filter((range) => range !== undefined);
}

/** Where the probe starts: 32 bits of the host's hash, so that allocations of different hosts rarely meet. */
function startOf(host: string, size: number): number {
  return Number.parseInt(sha256Hex(`vip/${host}`).slice(0, 8), 16) % size;
}

/**
 * Gives the next free address for hosts: by the host's hash, then probing upwards and around. Network and broadcast addresses,
 * reserved ranges, `avoid` and taken addresses are left out. Never gives an address twice.
 */
export class VipAllocator {
  private readonly range: Ipv4Range | undefined;
  private readonly blocked: Ipv4Range[];
  private readonly given = new Set<number>();

  constructor(private readonly space: VipSpace) {
    this.range = usable(space.cidr);
    this.blocked = blockedRanges(space.avoid);
  }

  /** An address for the host, or undefined if the range is invalid or full. */
  allocate(host: string): string | undefined {
    if (this.range === undefined) return undefined;
    const { first, last } = this.range;
    const size = last - first + 1;
    let offset = startOf(host, size);
    for (let tried = 0; tried < size;) {
      const candidate = first + offset;
      const block = this.blocked.find((range) => candidate >= range.first && candidate <= range.last);
      if (block === undefined && this.isFree(candidate)) return this.take(candidate);
      const step = block === undefined ? 1 : Math.min(block.last, last) - candidate + 1;
      tried += step;
      offset = (offset + step) % size;
    }
    return undefined;
  }

  private isFree(value: number): boolean {
    return !this.given.has(value) && !this.space.taken.has(formatIpv4(value));
  }

  private take(value: number): string {
    this.given.add(value);
    return formatIpv4(value);
  }
}
