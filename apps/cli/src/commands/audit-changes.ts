import { DEFAULT_PROJECT } from '@isthmus/domain';
import { gnsChanges, type ChangesQuery, type GnsChanges } from '../audit/gns-changes.js';
import { proceed, withSession, type OnlineOptions } from '../online/session.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { showChanges } from './audit.js';

/** Options of `audit changes`. */
export interface ChangesOptions extends OnlineOptions {
  revision?: string;
  cluster?: string;
  pending?: boolean;
  output: string;
}

/** `isthmus audit changes NAME`: who changed what in a revision, in what a cluster applied, or in what it still lacks. */
export async function auditChanges(terminal: Terminal, name: string, options: ChangesOptions): Promise<ExitCode> {
  const query = changesQuery(name, options);
  return withSession(terminal, options, async (session) =>
    proceed(session, await gnsChanges(session.ask, query), (found) => {
      if (options.output === 'json') terminal.out(`${JSON.stringify(found, null, 2)}\n`);
      else {
        showChanges(terminal, found.changes, options.output);
        if (found.revision !== undefined) terminal.err(holdersText(found));
      }
      return EXIT.ok;
    }),
  );
}

function changesQuery(text: string, { revision, cluster, pending = false }: ChangesOptions): ChangesQuery {
  const [name = '', project = DEFAULT_PROJECT] = text.split('/').reverse();
  if (cluster !== undefined && revision !== undefined) throw new UsageError('give --revision or --cluster, not both');
  if (cluster === undefined && pending) throw new UsageError('--pending needs --cluster');
  const number = revision === undefined ? undefined : numberOf(revision);
  return { name, project, pending, cluster, revision: number };
}

function numberOf(revision: string): number {
  if (/^[1-9]\d{0,8}$/.test(revision)) return Number(revision);
  throw new UsageError(`--revision ${revision} is not the number of a revision`);
}

function holdersText({ revision, holders }: GnsChanges): string {
  if (holders.length === 0) return `revision ${revision} is held by no cluster that told so\n`;
  const newer = (held: number): string => (held === revision ? '' : ` (${held})`);
  const all = holders.map((one) => `${one.cluster}${newer(one.revision)}, told ${one.appliedAt}`);
  return `revision ${revision} is held by\n${all.map((line) => `  ${line}\n`).join('')}`;
}
