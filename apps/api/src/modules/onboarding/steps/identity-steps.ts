import { isIssueCode } from '@isthmus/domain';
import type { Issue } from '@isthmus/domain';
import { CLOCK_TOLERANCE_MS } from '@isthmus/installation';
import type { EnrolmentRecord, RefusalRecord, SessionRecord } from '@isthmus/store';
import { findings, type Finding, type OnboardingFacts } from './step.js';

const { done, failed, pending, about } = findings;

const SEEN_MS = 120_000;
const STREAM_MS = 60_000;

/** The identity counts from its enrolment; whatever was before was another one. */
export function isConnected(session: SessionRecord | undefined): session is SessionRecord {
  return session?.connected === true && session.quarantine === undefined && session.revokedAt === undefined;
}

/** A token that is to replace the identity, and waits for its agent. */
function replacement({ enrolments: [newest], session, now }: OnboardingFacts): EnrolmentRecord | undefined {
  if (newest === undefined || !newest.renews || newest.usedAt !== undefined || isConnected(session)) return undefined;
  return newest.expiresAt.getTime() > now.getTime() ? newest : undefined;
}

/** When an agent was enrolled with the identity that counts. */
function enrolledAt(facts: OnboardingFacts): Date | undefined {
  if (replacement(facts) !== undefined) return undefined;
  const { session } = facts;
  return session?.enrolledAt ?? (session !== undefined && session.session > 0 ? session.connectedAt : undefined);
}

export function tokenIssued(facts: OnboardingFacts): Finding {
  const { cluster, now } = facts;
  const [newest] = facts.enrolments;
  const enrolled = enrolledAt(facts);
  if (enrolled !== undefined)
    return done('An agent was enrolled with a token.', { since: newest?.createdAt ?? enrolled });
  if (newest === undefined)
    return { state: 'ACTIVE', message: `No token was made yet: isthmus cluster onboard ${cluster.name}` };
  const until = newest.expiresAt.toISOString();
  if (newest.usedAt === undefined && newest.expiresAt.getTime() <= now.getTime())
    return failed(about(facts, 'ISM0549', `The token of ${newest.createdAt.toISOString()} expired at ${until}.`), {
      since: newest.expiresAt,
    });
  return done(`A token was made; it is valid until ${until}.`, { since: newest.createdAt });
}

export function agentSeen(facts: OnboardingFacts): Finding {
  const { session, enrolments, cluster } = facts;
  const enrolled = enrolledAt(facts);
  if (enrolled !== undefined && session !== undefined)
    return done(whoCame(session), { since: enrolled, observedAt: session.lastSeenAt ?? enrolled });
  const [token] = enrolments;
  if (token === undefined) return { state: 'WAITING', message: 'A token comes first.' };
  const own = refusalsSince(facts, token.createdAt).find((one) => one.cluster === cluster.uid);
  if (own !== undefined)
    return done(`An agent came from ${own.address}.`, { since: own.firstAt, observedAt: own.lastAt });
  return unseen(facts, token);
}

function whoCame({ agentVersion, address, enrolledFrom }: SessionRecord): string {
  const version = agentVersion === undefined ? '' : ` of version ${agentVersion}`;
  const from = address ?? enrolledFrom;
  return `An agent${version} came${from === undefined ? '' : ` from ${from}`}.`;
}

function unseen(facts: OnboardingFacts, token: EnrolmentRecord): Finding {
  const [stranger] = refusalsSince(facts, token.createdAt);
  const waited = pending(facts, {
    ...{ since: token.createdAt, patienceMs: SEEN_MS, message: 'Nobody has shown the token yet.' },
    late: about(facts, 'ISM0535', `Nobody has shown the token since it was made.`),
  });
  if (stranger === undefined) return waited;
  const error = refusalIssue(facts, stranger);
  const message = `${waited.message} Somebody was refused who may be its agent: ${error.message}`;
  return { ...waited, message, error, observedAt: stranger.lastAt };
}

export function tlsOk(facts: OnboardingFacts): Finding {
  const { session, enrolments } = facts;
  const enrolled = enrolledAt(facts);
  if (isConnected(session) && enrolled !== undefined) return connected(facts, session);
  const barred = barredBy(facts);
  if (barred !== undefined) return failed(barred);
  const from = lastGood(facts) ?? enrolments[0]?.createdAt;
  if (from === undefined) return { state: 'WAITING', message: 'The agent comes first.' };
  const [refused] = refusalsSince(facts, from).filter((one) => one.cluster !== '' || enrolled !== undefined);
  if (refused !== undefined)
    return failed(refusalIssue(facts, refused), { since: refused.firstAt, observedAt: refused.lastAt });
  if (enrolled === undefined) return { state: 'WAITING', message: 'The agent comes first.' };
  return disconnected(facts, session, enrolled);
}

function connected(facts: OnboardingFacts, session: SessionRecord): Finding {
  const skew = session.clockSkewMs ?? 0;
  const minutes = Math.round(Math.abs(skew) / 60_000);
  const error =
    Math.abs(skew) < CLOCK_TOLERANCE_MS
      ? undefined
      : about(facts, 'ISM0539', `The clock of the cluster is ${minutes} minutes ${skew > 0 ? 'ahead' : 'behind'}.`);
  const message = 'The agent has proven its identity, and its stream is open.';
  return done(message, { since: session.connectedAt, observedAt: session.lastSeenAt, error });
}

/** What keeps the identity out, whoever shows it. */
function barredBy(facts: OnboardingFacts): Issue | undefined {
  const { session } = facts;
  if (replacement(facts) !== undefined) return undefined;
  if (session?.revokedAt !== undefined)
    return about(facts, 'ISM0406', `The identity was revoked at ${session.revokedAt.toISOString()}.`);
  return session?.quarantine === undefined ? undefined : about(facts, 'ISM0407', session.quarantine);
}

/** Until then the identity was good: refusals before that are history. */
function lastGood(facts: OnboardingFacts): Date | undefined {
  if (replacement(facts) !== undefined) return undefined;
  const { session } = facts;
  const times = [session?.enrolledAt, session?.connectedAt].filter((time) => time !== undefined);
  return times.sort((a, b) => b.getTime() - a.getTime())[0];
}

function disconnected(facts: OnboardingFacts, session: SessionRecord | undefined, enrolled: Date): Finding {
  const { connectedAt, disconnectedAt, lastSeenAt } = session ?? {};
  if (connectedAt === undefined || connectedAt.getTime() < enrolled.getTime()) {
    const message = 'The agent has its certificate and has not opened its stream yet.';
    const late = about(facts, 'ISM0535', 'The agent has its certificate and has opened no stream since.');
    return pending(facts, { since: enrolled, patienceMs: STREAM_MS, message, late });
  }
  const why = session?.lastError === undefined ? '' : ` Last error: ${session.lastError}`;
  const error = about(facts, 'ISM0535', `The agent is not connected.${why}`);
  return failed(error, { since: disconnectedAt, observedAt: lastSeenAt });
}

function refusalsSince({ refusals, cluster }: OnboardingFacts, from: Date): RefusalRecord[] {
  const recent = refusals.filter(({ lastAt }) => lastAt.getTime() >= from.getTime());
  return [...recent.filter((one) => one.cluster === cluster.uid), ...recent.filter((one) => one.cluster === '')];
}

function refusalIssue(facts: OnboardingFacts, { code, message, address, count }: RefusalRecord): Issue {
  const times = count === 1 ? '' : `, ${count} times`;
  return about(facts, isIssueCode(code) ? code : 'ISM0400', `${message} (from ${address}${times})`);
}
