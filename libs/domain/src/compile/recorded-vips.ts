import { parseIpv4 } from '../vips/ipv4.js';
import type { VipRow } from '../vips/allocate.js';
import { RowsByHost } from './rows-by-host.js';

/** A recorded address that cannot be used, and why. */
export interface UnusableVip extends VipRow {
  /** The host that has the same address, if it is another one. */
  holder: string | undefined;
}

/**
 * Recorded addresses of hosts, which follow the list of rows. A host has one address and an address one host; of rows that
 * contradict each other, the first by host counts.
 */
export class RecordedVips {
  private readonly rows = new RowsByHost<VipRow>();
  private addresses = new Map<string, string | undefined>();
  private holders = new Map<string, string>();
  /** Rows that cannot be used, by host. */
  unusable: readonly UnusableVip[] = [];

  /** True if a row of the host exists, usable or not. */
  isRecorded(host: string): boolean {
    return this.addresses.has(host);
  }

  addressOf(host: string): string | undefined {
    return this.addresses.get(host);
  }

  /** True if a recorded row names the address. */
  isHeld(address: string): boolean {
    return this.holders.has(address) || this.unusable.some((row) => row.address === address);
  }

  /** Takes over the rows; answers hosts whose address may be another one. */
  follow(rows: readonly VipRow[]): ReadonlySet<string> {
    const { gone, fresh } = this.rows.follow(rows);
    const hosts = new Set([...gone, ...fresh].map((row) => row.host));
    if (this.unusable.length === 0 && this.replace(gone, fresh)) return hosts;
    const before = this.addresses;
    this.readAll(rows);
    return new Set([...before.keys(), ...this.addresses.keys()]);
  }

  /** Replaces rows one by one; false if they contradict, so that all have to be looked at in order. */
  private replace(gone: readonly VipRow[], fresh: readonly VipRow[]): boolean {
    for (const { host, address } of gone) {
      this.addresses.delete(host);
      this.holders.delete(address);
    }
    for (const { host, address } of fresh) {
      if (this.addresses.has(host) || this.holders.has(address) || parseIpv4(address) === undefined) return false;
      this.addresses.set(host, address);
      this.holders.set(address, host);
    }
    return true;
  }

  private readAll(rows: readonly VipRow[]): void {
    const [addresses, holders] = [new Map<string, string | undefined>(), new Map<string, string>()];
    const unusable: UnusableVip[] = [];
    const order = (a: VipRow, b: VipRow): number => compare(a.host, b.host) || compare(a.address, b.address);
    for (const { host, address } of [...rows].sort(order)) {
      const holder = holders.get(address);
      const isUsable = parseIpv4(address) !== undefined && holder === undefined && !addresses.has(host);
      addresses.set(host, addresses.get(host) ?? (isUsable ? address : undefined));
      if (isUsable) holders.set(address, host);
      else unusable.push({ host, address, holder: holder === host ? undefined : holder });
    }
    [this.addresses, this.holders, this.unusable] = [addresses, holders, unusable];
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
