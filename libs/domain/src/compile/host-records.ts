import type { MemberState } from '../intent/entries.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { gnsRef, type Candidate } from './candidate.js';
import type { CatalogInput, LeavingMember, MemberStateRow } from './catalog-input.js';
import type { CatalogMemo, HostRecord } from './catalog-memo.js';
import { planHost, type HostInput, type HostPlan } from './host-plan.js';
import { byMember, memberKey, serviceKey, type MemberKey } from './member-key.js';
import { judgeRecorded, restoreMember, type ClusterSight, type Verdict } from './recorded-members.js';
import { isOfMachinesAlone } from './sites.js';

/** That something of the global namespace cannot be seen, so that what was known of it is kept. */
export function unseenIssue(input: CatalogInput, cluster: string, place: string): Issue {
  return issue('ISM0240', {
    message: `${place} cannot be seen; what was known of it is kept`,
    resource: gnsRef(input.gns),
    cluster,
  });
}

interface Gathered {
  candidates: Candidate[];
  leaving: Candidate[];
  deleted: LeavingMember[];
  unseen: Issue[];
}

/**
 * Machines of a document that somebody changed still run, so their clients leave them in order; a Service of the cluster that is gone
 * takes its pods along.
 */
function verdictOn(row: MemberStateRow, candidate: Candidate | undefined, sight: ClusterSight | undefined): Verdict {
  const verdict = judgeRecorded(row, sight);
  if (verdict !== 'DELETED' || candidate === undefined || !isOfMachinesAlone(candidate.selector)) return verdict;
  return sight?.isMember === true && sight.scans.has(row.namespace) ? 'REMOVED' : verdict;
}

/** Judges the recorded members that no scan found. */
function gatherRecorded(input: CatalogInput, rows: readonly MemberStateRow[], memo: CatalogMemo): Gathered {
  const gathered: Gathered = { candidates: [], leaving: [], deleted: [], unseen: [] };
  for (const row of rows) {
    const sight = memo.clusters.get(row.cluster)?.sight;
    const candidate = restoreMember(input, row);
    const verdict = verdictOn(row, candidate, sight);
    if (verdict === 'DELETED') {
      gathered.deleted.push({ ...memberKey(row), cause: 'DELETED' });
      continue;
    }
    if (candidate === undefined) continue;
    if (verdict === 'REMOVED') gathered.leaving.push(candidate);
    else gathered.candidates.push(candidate);
    if (verdict === 'UNSEEN' && sight?.inventory !== undefined)
      gathered.unseen.push(unseenIssue(input, row.cluster, `namespace ${row.namespace}`));
  }
  return gathered;
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** Everything that the plan of a host depends on, comparable by identity. */
function signatureOf({ candidates, leaving, contract, stateOf, claimedBy, leavingHome }: HostInput): unknown[] {
  const signature: unknown[] = [candidates.length];
  for (const { number, protocol, fixedBy } of contract) signature.push(number, protocol, fixedBy);
  for (const candidate of candidates)
    signature.push(candidate, stateOf(candidate), claimedBy(candidate), leavingHome(candidate));
  for (const candidate of leaving) signature.push(candidate);
  return signature;
}

function planRemembered(input: CatalogInput, host: HostInput, record: HostRecord): HostPlan | undefined {
  if (host.candidates.length === 0 && host.leaving.length === 0) {
    record.signature = [];
    return undefined;
  }
  const signature = signatureOf(host);
  if (record.plan !== undefined && isSame(record.signature, signature)) return record.plan;
  record.signature = signature;
  return planHost(input.gns, host);
}

/** Issues in the objects that were told last time, if they say the same. */
function keepIssues(before: readonly Issue[], after: readonly Issue[]): readonly Issue[] {
  return JSON.stringify(before) === JSON.stringify(after) ? before : after;
}

function isSameService(a: MemberKey, b: MemberKey): boolean {
  return a.service === b.service && a.cluster === b.cluster && a.namespace === b.namespace;
}

/** State of the recorded member among the rows of its host. */
export function recordedState(rows: readonly MemberStateRow[], member: MemberKey): MemberState | undefined {
  return rows.find((row) => isSameService(row, member))?.state;
}

function isTelling({ plan, deleted, unseen }: HostRecord): boolean {
  if (deleted.length > 0 || unseen.length > 0) return true;
  if (plan === undefined) return false;
  return plan.issues.length > 0 || plan.newContracts.length > 0 || plan.refixed || plan.leaving.length > 0;
}

/** Looks at one host again: who asks for it, what is recorded, and what follows. True if other members ask for it than before. */
export function reviewHost(input: CatalogInput, host: string, memo: CatalogMemo): boolean {
  const record = memo.recordOf(host);
  const rows = memo.rows.of(host);
  const unfound = rows.filter((row) => !record.candidates.some((candidate) => isSameService(candidate, row)));
  const gathered = gatherRecorded(input, unfound, memo);
  const inClaims = <T>(claims: ReadonlyMap<string, T> | undefined, candidate: Candidate): T | undefined =>
    claims === undefined || claims.size === 0 ? undefined : claims.get(serviceKey(candidate));
  const claimedBy = (candidate: Candidate): string | undefined => inClaims(input.claims, candidate);
  const candidates = [...record.candidates, ...gathered.candidates].sort(byMember);
  const before = record.plan?.members ?? [];
  record.plan = planRemembered(
    input,
    {
      host,
      candidates,
      leaving: gathered.leaving.sort(byMember),
      contract: [...memo.contracts.of(host)].sort((a, b) => a.number - b.number),
      stateOf: (candidate) => recordedState(rows, candidate),
      claimedBy,
      leavingHome: (candidate) => inClaims(input.leavingClaims, candidate),
    },
    record,
  );
  record.deleted = gathered.deleted;
  record.unseen = keepIssues(record.unseen, gathered.unseen);
  record.unfoundIn = unfound.map(({ cluster }) => cluster);
  const members = record.plan?.members ?? [];
  record.unsettledRows = rows.filter(
    (row) => row.state !== 'served' || !members.some((member) => isSameService(member, row)),
  );
  memo.watch(host, {
    unfound: unfound.length > 0,
    claimed: candidates.some((candidate) => claimedBy(candidate) !== undefined),
    unsettled: rows.length !== members.length || record.unsettledRows.length > 0,
    telling: isTelling(record),
  });
  return members.length !== before.length || members.some((one, index) => one.entryName !== before[index]?.entryName);
}
