import { issue } from '@isthmus/domain';
import { approveHold, listHolds, namespaceOf, type Hold } from '../online/holds.js';
import { proceed, tell, withSession, type OnlineOptions, type Session } from '../online/session.js';
import { holdDescription } from '../output/hold-text.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { isConfirmed } from './delete.js';

/** Options of `approve`. */
export interface ApproveOptions extends OnlineOptions {
  globalNamespace?: string;
  cluster?: string;
  all?: boolean;
  yes?: boolean;
  output?: 'json';
}

/**
 * `isthmus approve`: shows exactly what would be deleted, asks, and lets that very set go. What grew meanwhile stays held; in
 * pipes `--yes` stands for the answer.
 */
export async function approve(terminal: Terminal, ids: readonly string[], options: ApproveOptions): Promise<ExitCode> {
  checkChoice(ids, options);
  if (!options.yes && terminal.confirm === undefined) throw new UsageError('there is nobody to ask here; add --yes');
  return withSession(terminal, options, async (session) =>
    proceed(session, await listHolds(session.ask), (holds) => {
      const unknown = ids.filter((id) => !holds.some((hold) => hold.id === id));
      if (unknown.length > 0)
        return tell(
          terminal,
          unknown.map((id) => issue('ISM0656', { message: `nothing is held under ${id}` })),
        );
      return approveChosen(session, holds.filter(chosenBy(ids, options)), options);
    }),
  );
}

function checkChoice(ids: readonly string[], { globalNamespace, cluster, all }: ApproveOptions): void {
  const ways = [ids.length > 0, globalNamespace !== undefined, cluster !== undefined, all === true];
  if (ways.filter(Boolean).length !== 1)
    throw new UsageError('say what to approve in one way: HOLD…, --global-namespace, --cluster or --all');
}

function chosenBy(ids: readonly string[], { globalNamespace, cluster, all }: ApproveOptions): (hold: Hold) => boolean {
  return (hold) =>
    all === true ||
    ids.includes(hold.id) ||
    (cluster !== undefined && hold.clusterName === cluster) ||
    (globalNamespace !== undefined && [namespaceOf(hold), `default/${namespaceOf(hold)}`].includes(globalNamespace));
}

async function approveChosen(session: Session, holds: readonly Hold[], options: ApproveOptions): Promise<ExitCode> {
  const { terminal } = session;
  const waiting = holds.filter(({ approvedAt }) => approvedAt === undefined);
  if (options.output !== 'json')
    for (const { id, approvedBy, approvedAt } of holds)
      if (approvedAt !== undefined) terminal.err(`hold/${id} was approved by ${approvedBy ?? '?'} already\n`);
  if (waiting.length === 0) return nothing(terminal, holds, options);
  for (const hold of waiting) terminal.err(holdDescription(hold));
  const total = waiting.reduce((sum, { count }) => sum + count, 0);
  if (!(await isConfirmed(terminal, `Let these ${String(total)} deletions happen?`, options))) {
    terminal.err('nothing was approved\n');
    return EXIT.issues;
  }
  return approveAll(session, waiting, options);
}

function nothing(terminal: Terminal, holds: readonly Hold[], { output }: ApproveOptions): ExitCode {
  if (output === 'json') terminal.out(`${JSON.stringify({ approved: [], already: holds }, null, 2)}\n`);
  else if (holds.length === 0) terminal.err('nothing waits for approval\n');
  return EXIT.ok;
}

async function approveAll(session: Session, waiting: readonly Hold[], { output }: ApproveOptions): Promise<ExitCode> {
  const { terminal } = session;
  const approved: Hold[] = [];
  let worst: ExitCode = EXIT.ok;
  for (const hold of waiting) {
    const outcome = await approveHold(session.ask, hold);
    if (outcome.ok) approved.push(outcome.value);
    else worst = tell(terminal, outcome.issues);
    if (outcome.ok && output !== 'json') terminal.out(`hold/${hold.id} approved\n`);
  }
  if (output === 'json') terminal.out(`${JSON.stringify({ approved, already: [] }, null, 2)}\n`);
  return worst;
}
