import type { PortProtocol } from '../intent/entries.js';
import type { Candidate, CandidatePort } from './candidate.js';
import type { PortContractRow } from './catalog-input.js';
import { serviceKey } from './member-key.js';
import { portName } from './port-protocol.js';

/** A candidate that contradicts the contract, with the port that does. */
export interface Contradiction {
  candidate: Candidate;
  port: CandidatePort;
  fixed: PortContractRow;
}

/** Contract of one host over its candidates. */
export interface Contract {
  accepted: Candidate[];
  contradictions: Contradiction[];
  /** By port number; recorded rows that nobody offers now are kept as they are. */
  rows: ReadonlyMap<number, PortContractRow>;
  /** Recorded rows that were fixed anew. */
  replaced: PortContractRow[];
}

function newRow(
  candidate: Candidate,
  { number, protocol }: { number: number; protocol: PortProtocol },
): PortContractRow {
  return { host: candidate.host, number, name: portName(protocol, number), protocol, fixedBy: serviceKey(candidate) };
}

function judge(
  candidates: readonly Candidate[],
  start: Map<number, PortContractRow>,
): Pick<Contract, 'accepted' | 'contradictions'> {
  const accepted: Candidate[] = [];
  const contradictions: Contradiction[] = [];
  for (const candidate of candidates) {
    const port = candidate.ports.find(({ number, protocol }) => (start.get(number)?.protocol ?? protocol) !== protocol);
    const fixed = port && start.get(port.number);
    if (port !== undefined && fixed !== undefined) {
      contradictions.push({ candidate, port, fixed });
      continue;
    }
    for (const offered of candidate.ports)
      if (!start.has(offered.number)) start.set(offered.number, newRow(candidate, offered));
    accepted.push(candidate);
  }
  return { accepted, contradictions };
}

function isSpoken(row: PortContractRow, candidates: readonly Candidate[]): boolean {
  return candidates.some(({ ports }) =>
    ports.some((port) => port.number === row.number && port.protocol === row.protocol),
  );
}

/**
 * The first member fixes number → name and protocol; a later one that contradicts is left out whole. A recorded row holds as
 * long as a candidate speaks it; rows that nobody speaks any more, and a contract that nobody fulfils, are fixed anew by the
 * first candidate in the given order.
 */
export function portContract(recorded: readonly PortContractRow[], candidates: readonly Candidate[]): Contract {
  const spoken = new Map(recorded.filter((row) => isSpoken(row, candidates)).map((row) => [row.number, row]));
  let rows = new Map(spoken);
  let judged = judge(candidates, rows);
  if (judged.accepted.length === 0) {
    rows = new Map();
    judged = judge(candidates, rows);
  }
  const replaced = recorded.filter((row) => (rows.get(row.number)?.protocol ?? row.protocol) !== row.protocol);
  for (const row of recorded) if (!rows.has(row.number)) rows.set(row.number, row);
  return { ...judged, rows, replaced };
}
