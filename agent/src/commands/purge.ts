import { systemClock } from '@isthmus/platform';
import { createLeads } from '../apply/leads.js';
import { createLingers } from '../apply/lingers.js';
import { createMoves } from '../apply/moves.js';
import { runRound } from '../apply/run-round.js';
import type { ClusterPort } from '../cluster/cluster-port.js';

/** Removes everything in the record, client side first, without the centre. What cannot be removed is named and stays in the record. */
export async function purge(cluster: ClusterPort, say: (line: string) => void): Promise<number> {
  const record = await cluster.loadRecord();
  const gnsIds = [...new Set(record.owned.map(({ gns }) => gns))];
  const { record: after, results } = await runRound({
    cluster,
    record,
    fences: record.fences,
    wishes: gnsIds.map((gns) => ({ gns, kind: 'render', objects: [], keepHosts: new Set<string>(), planned: true })),
    gate: { approve: () => undefined, judge: ({ removals }) => ({ go: [...removals], held: [] }) },
    moves: createMoves(systemClock, 0),
    lingers: createLingers(systemClock, 0),
    leads: createLeads(systemClock, 0),
    mode: 'sync',
  });
  say(`removed ${String(record.owned.length - after.owned.length)} of ${String(record.owned.length)} objects`);
  for (const { issues } of results) for (const { code, message } of issues) say(`${code} ${message}`);
  return after.owned.length === 0 ? 0 : 1;
}
