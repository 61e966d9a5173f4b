import { namespaceOf, type Hold } from '../online/holds.js';
import { age, table } from './table.js';

/** What each kind means to whoever decides. */
const WHAT: Readonly<Record<string, string>> = {
  INTAKE: 'deleted in the cluster, kept in the catalog',
  PRUNE: 'rendered objects that nothing asks for any more, kept in the cluster',
  DRAIN: 'members that the rules leave out, still served',
};

/** One line for each hold. */
export function holdTable(holds: readonly Hold[], now: Date): string {
  const rows = holds.map((hold) => [
    hold.kind,
    hold.clusterName ?? '',
    namespaceOf(hold),
    String(hold.count),
    age(hold.since, now),
    hold.approvedAt === undefined ? 'no' : `by ${hold.approvedBy ?? '?'}`,
    hold.id,
  ]);
  return table(['KIND', 'CLUSTER', 'GLOBAL NAMESPACE', 'COUNT', 'SINCE', 'APPROVED', 'ID'], rows);
}

/** `60 members in global namespace bookinfo`. */
function title(hold: Hold): string {
  const where = [
    ...(hold.clusterName === undefined ? [] : [`cluster ${hold.clusterName}`]),
    ...(hold.globalNamespace === undefined ? [] : [`global namespace ${namespaceOf(hold)}`]),
  ];
  return `${hold.kind}: ${String(hold.count)} in ${where.join(', ')} (${WHAT[hold.kind] ?? 'held'})`;
}

/** Exactly what would be deleted. A list that its holder cut short says so. */
export function holdDescription(hold: Hold): string {
  const missing = hold.count - hold.items.length;
  const more = missing > 0 ? `  … and ${String(missing)} more, which the agent does not list\n` : '';
  return `${title(hold)}\n${hold.items.map((item) => `  ${item.replace(/[\u0000-\u001f\u007f]/g, '?')}\n`).join('')}${more}`;
}
