import { proceed, watchEvery, withSession, type OnlineOptions } from '../online/session.js';
import { NO_CLUSTER, readTargets, type GnsTargets } from '../online/targets.js';
import { table } from '../output/table.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';

/** Options of `status`. */
export interface StatusOptions extends OnlineOptions {
  watch?: boolean;
  output: 'table' | 'json';
}

/** `isthmus status`: what is wanted of each cluster, what it holds and since when that is known. Says nothing of traffic. */
export async function status(terminal: Terminal, options: StatusOptions): Promise<ExitCode> {
  return withSession(terminal, options, async (session) => {
    let shown = '';
    const show = (found: readonly GnsTargets[]): void => {
      const text =
        options.output === 'json' ? `${JSON.stringify({ globalNamespaces: found }, null, 2)}\n` : statusTable(found);
      if (text !== shown) terminal.out(shown === '' ? text : `\n${text}`);
      shown = text;
    };
    const read = () => readTargets(session.ask);
    return proceed(session, await read(), (found) => {
      show(found);
      return options.watch ? watchEvery(session, read, show) : EXIT.ok;
    });
  });
}

const HEAD = [
  'GLOBAL NAMESPACE',
  'CLUSTER',
  'MESH',
  'STATUS',
  'WANTED',
  'APPLIED',
  'OBJECTS',
  'ERRORS',
  'WARNINGS',
  'SEEN',
];

/** One line per global namespace and cluster. */
export function statusTable(namespaces: readonly GnsTargets[]): string {
  const rows = namespaces.flatMap(({ name, projectName, targets }) =>
    targets.nodes.map(({ clusterName, cluster, status: where, wanted, applied, freshness }) => [
      `${projectName ?? ''}/${name}`,
      clusterName ?? NO_CLUSTER,
      cluster?.mesh.kind ?? '',
      where,
      number(wanted.revision),
      number(applied?.revision),
      number(applied?.objectCount),
      number(applied?.errorCount),
      number(applied?.warningCount),
      seen(freshness),
    ]),
  );
  return table(HEAD, rows) + namespaces.map(waitingText).join('');
}

/** What a person is asked about, under the table. */
function waitingText({ name, projectName, holds }: GnsTargets): string {
  const waiting = holds.filter(({ approvedAt }) => approvedAt === undefined);
  if (waiting.length === 0) return '';
  const parts = waiting.map(({ kind, count, clusterName }) =>
    kind === 'DRAIN' ? `${count} members` : `${count} objects in ${clusterName ?? '?'}`,
  );
  const full = projectName === undefined || projectName === 'default' ? name : `${projectName}/${name}`;
  return `${full}: removal of ${parts.join(', ')} waits for approval: isthmus approve --global-namespace ${full}\n`;
}

const number = (value: number | undefined): string => (value === undefined ? '' : String(value));

/** Fresh facts show no age, so that a watch prints only changes. */
function seen({ state, ageSeconds }: { state: string; ageSeconds?: number }): string {
  if (state === 'FRESH' || ageSeconds === undefined) return state;
  return ageSeconds < 120 ? `${state} ${ageSeconds}s` : `${state} ${Math.floor(ageSeconds / 60)}m`;
}
