import { issue } from '@isthmus/domain';
import { readSteps, stepsFingerprint, stepsText, type ClusterSteps } from '../clusters/cluster-steps.js';
import { patiently, proceed, tell, withSession, type OnlineOptions, type Session } from '../online/session.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { parseTimeout } from './wait.js';

const POLL_MS = 1000;

/** Options of `cluster steps`. */
export interface StepsOptions extends OnlineOptions {
  output?: 'json';
  watch?: boolean;
  wait?: boolean;
  timeout?: string;
}

/** `isthmus cluster steps NAME`: how far a cluster is on its way in; 1 if it is not ready. */
export async function clusterSteps(terminal: Terminal, name: string, options: StepsOptions): Promise<ExitCode> {
  const follow = { isEndless: options.watch === true, timeoutMs: parseTimeout(options.timeout ?? '5m') };
  return withSession(terminal, options, async (session) => {
    if (options.watch || options.wait) return followSteps(session, name, follow);
    return proceed(session, await readSteps(session.ask, name), (found) => {
      if (options.output === 'json') terminal.out(`${JSON.stringify(found.onboarding, null, 2)}\n`);
      else terminal.out(stepsText(found, terminal.now()));
      return found.onboarding.ready ? EXIT.ok : EXIT.issues;
    });
  });
}

/** Shows the steps whenever they change, until the cluster is ready or the time is over; endlessly if asked to. */
export async function followSteps(
  { terminal, ask }: Session,
  name: string,
  { isEndless, timeoutMs }: { isEndless: boolean; timeoutMs: number },
): Promise<ExitCode> {
  const deadline = terminal.now().getTime() + timeoutMs;
  const isLate = (): boolean => !isEndless && terminal.now().getTime() >= deadline;
  const read = patiently(terminal, () => readSteps(ask, name));
  let last: ClusterSteps | undefined;
  while (!terminal.signal.aborted) {
    const found = await read();
    if (found?.ok === false) return tell(terminal, found.issues);
    if (found !== undefined) {
      showNews(terminal, found.value, last);
      last = found.value;
      if (!isEndless && last.onboarding.ready) return EXIT.ok;
    }
    if (isLate()) return tell(terminal, [late(name, last)]);
    await terminal.sleep(POLL_MS).catch(() => undefined);
  }
  return isEndless ? EXIT.ok : EXIT.issues;
}

function showNews(terminal: Terminal, steps: ClusterSteps, before: ClusterSteps | undefined): void {
  if (before === undefined || stepsFingerprint(steps) !== stepsFingerprint(before))
    terminal.err(`${stepsText(steps, terminal.now())}\n`);
}

function late(name: string, last: ClusterSteps | undefined) {
  const step = last?.onboarding.steps.find((one) => one.step === last.onboarding.current?.step);
  return issue('ISM0690', { message: `${name}: ${step?.message ?? 'it is not ready'}` });
}
