import { endSession, listSessions } from '../online/user-sessions.js';
import { proceed, tell, withSession, type OnlineOptions } from '../online/session.js';
import { age, table } from '../output/table.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';

/** `isthmus session list`. */
export async function sessionList(
  terminal: Terminal,
  options: OnlineOptions & { all?: boolean; output: string },
): Promise<ExitCode> {
  return withSession(terminal, options, async (session) =>
    proceed(session, await listSessions(session.ask, options.all === true), (sessions) => {
      if (options.output === 'json') terminal.out(`${JSON.stringify(sessions, null, 2)}\n`);
      else if (sessions.length === 0) terminal.err('no sessions: tokens have none\n');
      else {
        const now = terminal.now();
        const rows = sessions.map((one) => {
          const checked = one.checkedAt === undefined ? '-' : age(one.checkedAt, now);
          return [
            one.isCurrent ? '*' : ' ',
            one.id,
            one.account?.name ?? '?',
            one.kind,
            one.device,
            one.ip,
            age(one.seenAt, now),
            one.checkFault ?? checked,
          ];
        });
        terminal.out(table(['CURRENT', 'ID', 'PERSON', 'KIND', 'DEVICE', 'FROM', 'SEEN', 'CHECKED'], rows));
      }
      return EXIT.ok;
    }),
  );
}

/** `isthmus session revoke ID…`. */
export async function sessionRevoke(
  terminal: Terminal,
  ids: readonly string[],
  options: OnlineOptions,
): Promise<ExitCode> {
  return withSession(terminal, options, async ({ ask }) => {
    for (const id of ids) {
      const ended = await endSession(ask, id);
      if (!ended.ok) return tell(terminal, ended.issues);
      terminal.err(`session ${id} is over\n`);
    }
    return EXIT.ok;
  });
}
