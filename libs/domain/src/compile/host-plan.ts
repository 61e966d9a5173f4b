import type { MemberState } from '../intent/entries.js';
import type { Issue } from '../issues/issue.js';
import type { IssueCode } from '../issues/catalog.js';
import { issue } from '../issues/make-issue.js';
import { serviceManifest } from '../issues/manifest-ref.js';
import type { GlobalNamespace } from '../resources/types.js';
import { gnsRef, type Candidate } from './candidate.js';
import type { LeavingClaim, PortContractRow } from './catalog-input.js';
import { byMember } from './member-key.js';
import { portContract } from './port-contract.js';

/** Everything that one host is planned from. */
export interface HostInput {
  host: string;
  /** Services that ask to be members, from inventory or kept from the catalog in force. */
  candidates: readonly Candidate[];
  /** Recorded members that the rules no longer ask for, but which exist. */
  leaving: readonly Candidate[];
  contract: readonly PortContractRow[];
  /** State of the recorded member, undefined for a new one. */
  stateOf: (candidate: Candidate) => MemberState | undefined;
  /** The other global namespace that a service belongs to. */
  claimedBy: (candidate: Candidate) => string | undefined;
  /** How it is leaving there; undefined: it is not. */
  leavingHome: (candidate: Candidate) => LeavingClaim | undefined;
}

/** One host as rules, claims and port contract leave it; states and address are joined when it is written. */
export interface HostPlan {
  host: string;
  members: readonly Candidate[];
  /** Recorded members that are to drain: left out by the rules, a claim, a double or the contract. */
  leaving: readonly Candidate[];
  ports: ReadonlyMap<number, PortContractRow>;
  /** Rows to record; all of the host's if the contract was fixed anew. */
  newContracts: readonly PortContractRow[];
  refixed: boolean;
  issues: readonly Issue[];
}

const STATE_ORDER: Record<MemberState, number> = { served: 0, wanted: 1, draining: 2 };

function nameOf(candidate: Candidate): string {
  return `service ${candidate.namespace}/${candidate.service}`;
}

/** What an issue of one candidate is about. */
function about(gns: GlobalNamespace, candidate: Candidate): Pick<Issue, 'resource' | 'cluster' | 'manifest'> {
  return { resource: gnsRef(gns), cluster: candidate.cluster, manifest: serviceManifest(candidate) };
}

function withoutForeign(gns: GlobalNamespace, input: HostInput, issues: Issue[]): Candidate[] {
  return input.candidates.filter((candidate) => {
    const home = input.stateOf(candidate) === undefined ? input.claimedBy(candidate) : undefined;
    if (home === undefined) return true;
    const { code, message } = foreign(candidate, home, input.leavingHome(candidate));
    issues.push(issue(code, { message, ...about(gns, candidate) }));
    return false;
  });
}

/** A service that leaves its home is on its way here; one that stays there is claimed twice. */
function foreign(
  candidate: Candidate,
  home: string,
  leaving: LeavingClaim | undefined,
): { code: IssueCode; message: string } {
  const name = nameOf(candidate);
  switch (leaving) {
    case undefined:
      return { code: 'ISM0114', message: `${name} belongs to global namespace ${home}` };
    case 'DRAINING':
      return { code: 'ISM0261', message: `${name} moves here once global namespace ${home} has drained it` };
    case 'HELD': {
      const message = `${name} moves here once its removal from global namespace ${home} is approved`;
      return { code: 'ISM0262', message };
    }
  }
}

/** Of several services of one cluster under one host, the recorded one stays; without one, none is taken. */
function oneOf(rivals: readonly Candidate[], { leaving, stateOf }: HostInput): Candidate | undefined {
  const cluster = rivals[0]?.cluster;
  const holders = rivals.filter((candidate) => stateOf(candidate) !== undefined);
  if (holders.length > 0) return holders[0];
  const stillThere = leaving.some((candidate) => candidate.cluster === cluster);
  return rivals.length === 1 && !stillThere ? rivals[0] : undefined;
}

function onePerCluster(
  gns: GlobalNamespace,
  input: HostInput,
  candidates: readonly Candidate[],
): [Candidate[], Issue[]] {
  const clusters = new Map<string, Candidate[]>();
  for (const candidate of candidates)
    clusters.set(candidate.cluster, [...(clusters.get(candidate.cluster) ?? []), candidate]);
  const kept: Candidate[] = [];
  const issues: Issue[] = [];
  for (const [cluster, rivals] of clusters) {
    const one = oneOf(rivals, input);
    if (one !== undefined) kept.push(one);
    const others = [...rivals, ...input.leaving.filter((candidate) => candidate.cluster === cluster)];
    for (const loser of rivals.filter((candidate) => candidate !== one)) {
      const rival = one ?? others.find((candidate) => candidate !== loser) ?? loser;
      const message = `${nameOf(loser)} has the same host ${input.host} as ${nameOf(rival)}`;
      issues.push(issue('ISM0113', { message, ...about(gns, loser) }));
    }
  }
  return [kept, issues];
}

function inOrder(input: HostInput, candidates: readonly Candidate[]): Candidate[] {
  const rank = (candidate: Candidate): number =>
    STATE_ORDER[input.stateOf(candidate) ?? 'draining'] + Number(input.stateOf(candidate) === undefined);
  return [...candidates].sort((a, b) => rank(a) - rank(b) || byMember(a, b));
}

/** Plans one host: claims, one service a cluster, port contract. Losers are told why. */
export function planHost(gns: GlobalNamespace, input: HostInput): HostPlan {
  const issues: Issue[] = [];
  const own = withoutForeign(gns, input, issues);
  const [single, doubles] = onePerCluster(gns, input, [...own].sort(byMember));
  const contract = portContract(input.contract, inOrder(input, single));
  for (const { candidate, port, fixed } of contract.contradictions) {
    const message = `${nameOf(candidate)}: port ${port.number} is ${port.protocol}, but ${input.host} has ${fixed.protocol} there, fixed by ${fixed.fixedBy}`;
    issues.push(issue('ISM0212', { message, ...about(gns, candidate) }));
  }
  for (const { number, protocol } of contract.replaced) {
    const message = `port ${number} of ${input.host} is ${contract.rows.get(number)?.protocol ?? protocol} now, it was ${protocol}`;
    issues.push(issue('ISM0224', { message, resource: gnsRef(gns) }));
  }
  const [recorded, refixed, accepted] = [
    new Set(input.contract),
    contract.replaced.length > 0,
    new Set(contract.accepted),
  ];
  const rejected = input.candidates.filter(
    (candidate) => !accepted.has(candidate) && input.stateOf(candidate) !== undefined,
  );
  const newContracts = [...contract.rows.values()].filter((row) => refixed || !recorded.has(row));
  return {
    host: input.host,
    members: [...contract.accepted].sort(byMember),
    leaving: [...input.leaving, ...rejected].sort(byMember),
    ports: contract.rows,
    newContracts: newContracts.sort((a, b) => a.number - b.number),
    refixed,
    issues: [...issues, ...doubles],
  };
}
