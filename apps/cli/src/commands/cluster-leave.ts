import { issue } from '@isthmus/domain';
import { actOn, type ActName } from '../clusters/cluster-act.js';
import { previewText, progressText, proofText, readDeparture, type ClusterDeparture } from '../clusters/departure.js';
import { patiently, proceed, tell, withSession, type OnlineOptions, type Session } from '../online/session.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { isConfirmed } from './delete.js';
import { parseTimeout } from './wait.js';

const POLL_MS = 1000;

/** Options of acts on clusters. */
export interface ClusterActOptions extends OnlineOptions {
  yes?: boolean;
  dryRun?: boolean;
  cancel?: boolean;
  undo?: boolean;
  wait?: boolean;
  timeout?: string;
}

/** `isthmus cluster leave NAME`: shows what goes, asks, and follows until the cluster has proven that nothing is left. */
export function leave(terminal: Terminal, name: string, options: ClusterActOptions): Promise<ExitCode> {
  if (options.cancel) return simpleAct(terminal, name, { act: 'cancelClusterLeave', done: 'stays', options });
  const timeoutMs = parseTimeout(options.timeout ?? '10m');
  return withPreview({ terminal, name, options }, async (session, before) => {
    const { phase } = before.departure;
    if (phase !== 'LEFT') {
      const isNew = phase === 'MEMBER';
      if (isNew && !(await agreed(terminal, `Let ${name} leave?`, options))) return EXIT.issues;
      const acted = await actOn(session.ask, 'leaveCluster', before.id);
      if (!acted.ok) return tell(terminal, acted.issues);
    }
    return options.wait === false ? ended(session, name) : follow(session, name, timeoutMs);
  });
}

/** `isthmus cluster evict NAME`: shows what goes and what stays, asks, and drops the cluster at once. */
export function evict(terminal: Terminal, name: string, options: ClusterActOptions): Promise<ExitCode> {
  return withPreview({ terminal, name, options }, async (session, before) => {
    const question = `Evict ${name}? Its services vanish at once, without a drain, and what it holds stays there`;
    if (before.departure.phase !== 'EVICTED' && !(await agreed(terminal, question, options))) return EXIT.issues;
    const acted = await actOn(session.ask, 'evictCluster', before.id);
    return acted.ok ? ended(session, name) : tell(terminal, acted.issues);
  });
}

/** `isthmus cluster forget NAME`: what it reported is deleted. */
export function forget(terminal: Terminal, name: string, options: ClusterActOptions): Promise<ExitCode> {
  return withPreview({ terminal, name, options }, async (session, before) => {
    const question = `Forget what ${name} reported? Its services vanish at once, without a drain`;
    if (!(await agreed(terminal, question, options))) return EXIT.issues;
    const acted = await actOn(session.ask, 'forgetCluster', before.id);
    if (!acted.ok) return tell(terminal, acted.issues);
    terminal.out(`what ${name} reported is forgotten until its agent reports again\n`);
    return EXIT.ok;
  });
}

/** `isthmus cluster abandon NAME`, and taking it back. */
export function abandon(terminal: Terminal, name: string, options: ClusterActOptions): Promise<ExitCode> {
  if (options.undo) return simpleAct(terminal, name, { act: 'unabandonCluster', done: 'counts again', options });
  const question = `Abandon ${name}? Drains do not wait for it; its workloads may lose what they still use`;
  const text = 'is abandoned until its agent is heard again';
  return simpleAct(terminal, name, { act: 'abandonCluster', done: text, question, options });
}

/** `isthmus cluster revoke NAME`. */
export function revoke(terminal: Terminal, name: string, options: ClusterActOptions): Promise<ExitCode> {
  const question = `Revoke the identity of ${name}? Its agent is cut off until the cluster is onboarded again`;
  return simpleAct(terminal, name, {
    act: 'revokeCluster',
    done: 'is revoked; what it applied stays',
    question,
    options,
  });
}

/** `isthmus cluster unquarantine NAME`. */
export function unquarantine(terminal: Terminal, name: string, options: ClusterActOptions): Promise<ExitCode> {
  const question = `Trust whoever holds the newest certificate of ${name}? If the copy may have it, onboard the cluster again instead`;
  return simpleAct(terminal, name, { act: 'unquarantineCluster', done: 'may connect again', question, options });
}

interface SimpleAct {
  act: ActName;
  done: string;
  question?: string;
  options: ClusterActOptions;
}

function simpleAct(terminal: Terminal, name: string, { act, done, question, options }: SimpleAct): Promise<ExitCode> {
  return withSession(terminal, options, async (session) =>
    proceed(session, await readDeparture(session.ask, name), async ({ id }) => {
      if (question !== undefined && !(await agreed(terminal, question, options))) return EXIT.issues;
      const acted = await actOn(session.ask, act, id);
      if (!acted.ok) return tell(terminal, acted.issues);
      terminal.out(`cluster/${name} ${done}\n`);
      return EXIT.ok;
    }),
  );
}

function withPreview(
  { terminal, name, options }: { terminal: Terminal; name: string; options: ClusterActOptions },
  act: (session: Session, before: ClusterDeparture) => Promise<ExitCode>,
): Promise<ExitCode> {
  return withSession(terminal, options, async (session) =>
    proceed(session, await readDeparture(session.ask, name), async (before) => {
      const { phase } = before.departure;
      const isOver = phase === 'LEFT' || phase === 'EVICTED';
      if (!isOver) terminal.err(previewText(before, terminal.now()));
      if (options.dryRun) return EXIT.ok;
      return act(session, before);
    }),
  );
}

async function agreed(terminal: Terminal, question: string, options: ClusterActOptions): Promise<boolean> {
  const isAgreed = await isConfirmed(terminal, question, options);
  if (!isAgreed) terminal.err('nothing was changed\n');
  return isAgreed;
}

/** Where the cluster stands now, with the proof. */
async function ended(session: Session, name: string): Promise<ExitCode> {
  const { terminal, ask } = session;
  return proceed(session, await readDeparture(ask, name), (found) => {
    terminal.out(`${progressText(found, terminal.now())}\n${proofText(found)}`);
    return EXIT.ok;
  });
}

async function follow(session: Session, name: string, timeoutMs: number): Promise<ExitCode> {
  const { terminal, ask } = session;
  const deadline = terminal.now().getTime() + timeoutMs;
  const read = patiently(terminal, () => readDeparture(ask, name));
  let shown = '';
  while (!terminal.signal.aborted) {
    const found = await read();
    if (found?.ok === false) return tell(terminal, found.issues);
    const text = found === undefined ? shown : progressText(found.value, terminal.now());
    if (found !== undefined && found.value.departure.phase !== 'LEAVING') return ended(session, name);
    // Seconds that run down are no news.
    if (text.replace(/\d+ s more/, '') !== shown.replace(/\d+ s more/, '')) terminal.err(`${text}\n`);
    shown = text;
    if (terminal.now().getTime() >= deadline) return tell(terminal, [issue('ISM0691', { message: text })]);
    await terminal.sleep(POLL_MS).catch(() => undefined);
  }
  terminal.err(`${name} goes on leaving; look again with: isthmus cluster leave ${name}\n`);
  return EXIT.issues;
}
