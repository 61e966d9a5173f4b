import type { MemberRecord, PortContractRecord, TenantTx, VipRecord } from '@isthmus/store';

/** What is recorded of global namespaces, by uid. */
export interface Recorded {
  members: ReadonlyMap<string, readonly MemberRecord[]>;
  ports: ReadonlyMap<string, readonly PortContractRecord[]>;
  vips: readonly VipRecord[];
}

/** Reads what compiles take as given beside specs and inventories. */
export async function recordedOf(tx: Omit<TenantTx, 'resources'>, gnsUids: ReadonlySet<string>): Promise<Recorded> {
  const members = new Map<string, MemberRecord[]>();
  const ports = new Map<string, PortContractRecord[]>();
  for (const uid of gnsUids) {
    members.set(uid, await tx.members.list(uid));
    ports.set(uid, await tx.ports.list(uid));
  }
  return { members, ports, vips: await tx.vips.list() };
}
