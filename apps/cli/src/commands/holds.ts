import { listHolds, oneHold, type Hold } from '../online/holds.js';
import { proceed, withSession, type OnlineOptions, type Session } from '../online/session.js';
import { done, type Outcome } from '../outcome.js';
import { holdDescription, holdTable } from '../output/hold-text.js';
import { age } from '../output/table.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

/** True if the word stands for held deletions: they are no resources, yet are looked at like them. */
export function isHoldWord(word: string): boolean {
  return ['hold', 'holds'].includes(word.toLowerCase());
}

/** `isthmus get holds [ID]`. */
export async function getHolds(
  terminal: Terminal,
  id: string | undefined,
  options: OnlineOptions & { output: string; selector?: string; watch?: boolean },
): Promise<ExitCode> {
  if (options.output === 'yaml') throw new UsageError('held deletions are shown as table, wide, json or name');
  if (options.selector !== undefined || options.watch) throw new UsageError('get holds takes neither -l nor -w');
  return withSession(terminal, options, async (session) => {
    return proceed(session, await readHolds(session, id), (holds) => {
      const document = id === undefined ? holds : holds[0];
      if (options.output === 'json') terminal.out(`${JSON.stringify(document, null, 2)}\n`);
      else if (options.output === 'name') terminal.out(holds.map((hold) => `hold/${hold.id}\n`).join(''));
      else if (holds.length === 0) terminal.err('no deletions are held\n');
      else terminal.out(holdTable(holds, terminal.now()));
      return EXIT.ok;
    });
  });
}

async function readHolds({ ask }: Session, id: string | undefined): Promise<Outcome<Hold[]>> {
  if (id === undefined) return listHolds(ask);
  const one = await oneHold(ask, id);
  return one.ok ? done([one.value]) : one;
}

/** `isthmus describe hold ID`: exactly what would be deleted. */
export async function describeHold(terminal: Terminal, id: string, options: OnlineOptions): Promise<ExitCode> {
  return withSession(terminal, options, async (session) =>
    proceed(session, await oneHold(session.ask, id), (hold) => {
      const approved =
        hold.approvedAt === undefined
          ? `to let them go: isthmus approve ${hold.id}\n`
          : `approved by ${hold.approvedBy ?? '?'}; being carried out\n`;
      terminal.out(`${holdDescription(hold)}\nheld for ${age(hold.since, terminal.now())}; ${approved}`);
      return EXIT.ok;
    }),
  );
}
