import { memberEntryName } from '@isthmus/domain';
import type { HeadRecord, MemberRecord, PortContractRecord, RemovalRecord, TenantTx, VipRecord } from '@isthmus/store';
import type { CatalogDraft } from './catalog-draft.js';

/** Recorded members, addresses and port contracts of one global namespace. */
export interface RecordedRows {
  members: readonly MemberRecord[];
  vips: readonly VipRecord[];
  ports: readonly PortContractRecord[];
  /** Removals that were decided. */
  removals: readonly RemovalRecord[];
}

/**
 * The rows that only a publication changes: members that are served, addresses that are in use, port contracts and decided
 * removals. Every publication that writes them moves the head, so they hold as long as the head is the one that they were read
 * with. All other rows (members that move, addresses that rest) are few and are read each time.
 */
export interface SettledRows {
  mark: string;
  members: readonly MemberRecord[];
  vips: readonly VipRecord[];
  ports: readonly PortContractRecord[];
  removals: readonly RemovalRecord[];
}

/** What tells one state of a head from every other one, also after a restore. */
export function markOf({ version, catalogEpoch, catalogSeq, updatedAt }: HeadRecord): string {
  return JSON.stringify([version, catalogEpoch, catalogSeq, updatedAt.getTime()]);
}

/** Rows in the objects that are known already, where they are the same rows. */
function keepKnown<T>(
  fresh: readonly T[],
  known: readonly T[],
  { nameOf, isSame }: { nameOf: (row: T) => string; isSame: (a: T, b: T) => boolean },
): T[] {
  if (known.length === 0) return [...fresh];
  const byName = new Map(known.map((row) => [nameOf(row), row]));
  return fresh.map((row) => {
    const old = byName.get(nameOf(row));
    return old !== undefined && isSame(old, row) ? old : row;
  });
}

const MEMBERS = {
  nameOf: memberEntryName,
  isSame: (a: MemberRecord, b: MemberRecord): boolean => a.version === b.version && a.state === b.state,
};
const VIPS = {
  nameOf: (row: VipRecord): string => row.host,
  isSame: (a: VipRecord, b: VipRecord): boolean => a.address === b.address,
};
const PORTS = {
  nameOf: (row: PortContractRecord): string => `${row.host} ${row.number}`,
  isSame: (a: PortContractRecord, b: PortContractRecord): boolean =>
    a.name === b.name && a.protocol === b.protocol && a.fixedBy === b.fixedBy,
};

const isServed = ({ state }: MemberRecord): boolean => state === 'served';
const isInUse = ({ releasedAt }: VipRecord): boolean => releasedAt === undefined;

function joined<T>(settled: readonly T[], others: readonly T[]): readonly T[] {
  return others.length === 0 ? settled : [...settled, ...others];
}

/** Reads the rows of a global namespace; settled ones from memory if the head has not moved since. */
export async function readRows(
  tx: Reader,
  at: { gns: string; head: HeadRecord | undefined; known: SettledRows | undefined },
): Promise<{ rows: RecordedRows; settled: SettledRows | undefined }> {
  const { gns, head, known } = at;
  const mark = head === undefined ? undefined : markOf(head);
  if (known !== undefined && known.mark === mark) {
    const members = joined(known.members, await tx.members.unsettled(gns));
    const vips = joined(known.vips, await tx.vips.released(gns));
    return { rows: { members, vips, ports: known.ports, removals: known.removals }, settled: known };
  }
  return readAll(tx, { gns, mark, known: known ?? NOTHING });
}

const NOTHING: SettledRows = { mark: '', members: [], vips: [], ports: [], removals: [] };

type Reader = Pick<TenantTx, 'members' | 'vips' | 'ports' | 'removals'>;

async function readAll(
  tx: Reader,
  { gns, mark, known }: { gns: string; mark: string | undefined; known: SettledRows },
): Promise<{ rows: RecordedRows; settled: SettledRows | undefined }> {
  const members = keepKnown(await tx.members.list(gns), known.members, MEMBERS);
  const vips = keepKnown(await tx.vips.list(gns), known.vips, VIPS);
  const ports = keepKnown(await tx.ports.list(gns), known.ports, PORTS);
  const removals = await tx.removals.list(gns);
  const [served, moving] = [members.filter(isServed), members.filter((row) => !isServed(row))];
  const [used, resting] = [vips.filter(isInUse), vips.filter((row) => !isInUse(row))];
  const rows = { members: joined(served, moving), vips: joined(used, resting), ports, removals };
  return { rows, settled: mark === undefined ? undefined : { mark, members: served, vips: used, ports, removals } };
}

/** Names of hosts that a publication gave up, and of those that it took back. */
export interface HostMoves {
  vanished: readonly string[];
  back: readonly string[];
}

function membersAfter({ members }: RecordedRows, { transitions }: CatalogDraft, gns: string): MemberRecord[] {
  const steps = new Map(transitions.map((step) => [memberEntryName(step), step]));
  if (steps.size === 0) return members.filter(isServed);
  const hosts = new Set(transitions.map(({ host }) => host));
  const isMoved = (row: MemberRecord): boolean => hosts.has(row.host) && steps.has(memberEntryName(row));
  const kept = members.filter((row) => isServed(row) && !isMoved(row));
  const served = members.filter(isMoved).flatMap((row): MemberRecord[] => {
    const step = steps.get(memberEntryName(row));
    if (step?.to !== 'served') return [];
    return [{ ...row, gns, state: 'served', enteredSeq: step.enteredSeq, dueAt: undefined, version: row.version + 1 }];
  });
  return served.length === 0 ? kept : [...kept, ...served];
}

function vipsAfter(
  { vips }: RecordedRows,
  { outcome }: CatalogDraft,
  context: HostMoves & { gns: string },
): VipRecord[] {
  const [vanished, back] = [new Set(context.vanished), new Set(context.back)];
  const kept = vips.filter((row) => isInUse(row) && !vanished.has(row.host));
  const returned = vips.filter((row) => !isInUse(row) && back.has(row.host));
  return [
    ...kept,
    ...returned.map((row) => ({ ...row, releasedAt: undefined })),
    ...outcome.newVips.map((row) => ({ ...row, gns: context.gns, allocatedAt: new Date(0), releasedAt: undefined })),
  ];
}

function portsAfter({ ports }: RecordedRows, { outcome }: CatalogDraft, context: HostMoves & { gns: string }) {
  const gone = new Set([...outcome.refixedHosts, ...context.vanished]);
  const fresh = outcome.newPortContracts.map((row) => ({ ...row, gns: context.gns }));
  return [...ports.filter(({ host }) => !gone.has(host)), ...fresh];
}

/** The settled rows after a publication, as they are read back if nobody else publishes. */
export function rowsAfter(
  rows: RecordedRows,
  draft: CatalogDraft,
  context: HostMoves & { gns: string; head: HeadRecord },
): SettledRows {
  return {
    mark: markOf(context.head),
    members: membersAfter(rows, draft, context.gns),
    vips: vipsAfter(rows, draft, context),
    ports: portsAfter(rows, draft, context),
    removals: draft.removals.after,
  };
}
