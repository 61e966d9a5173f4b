import { issue } from '@isthmus/domain';
import { readSteps, stepsFingerprint, stepsText, type ClusterSteps } from '../clusters/cluster-steps.js';
import { proceed, tell, withSession, type OnlineOptions, type Session } from '../online/session.js';
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
  let shown: string | undefined;
  while (!terminal.signal.aborted) {
    const found = await readSteps(ask, name);
    if (!found.ok) return tell(terminal, found.issues);
    const news = stepsFingerprint(found.value);
    if (news !== shown) terminal.err(`${stepsText(found.value, terminal.now())}\n`);
    shown = news;
    if (!isEndless && found.value.onboarding.ready) return EXIT.ok;
    if (!isEndless && terminal.now().getTime() >= deadline) return tell(terminal, [late(name, found.value)]);
    await terminal.sleep(POLL_MS).catch(() => undefined);
  }
  return isEndless ? EXIT.ok : EXIT.issues;
}

function late(name: string, { onboarding: { steps, current } }: ClusterSteps) {
  const step = steps.find((one) => one.step === current?.step);
  return issue('ISM0690', { message: `${name}: ${step?.message ?? 'it is not ready'}` });
}
