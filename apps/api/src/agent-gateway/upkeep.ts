import type { Logger } from '@isthmus/platform';
import type { Store, Subscription } from '@isthmus/store';
import type { GatewayTimings } from './options.js';
import type { Hub } from './push/hub.js';
import type { AgentSession } from './session/agent-session.js';

export interface UpkeepDeps {
  store: Store;
  hub: Hub;
  log: Logger;
  timings: GatewayTimings;
  gatewayId: string;
  renewServer: () => Promise<void>;
  /** Looks whether the operator rotates the authorities. */
  reloadAuthorities: () => Promise<void>;
}

/** Lines that the hub compares; what agents acknowledge moves nothing here. */
const PUSHED: ReadonlySet<string> = new Set(['target', 'head', 'agent']);
const SERVER_RENEWAL_MS = 24 * 3_600_000;

/** What a gateway does without being asked: nudges and polls, pings, liveness rows, approvals, its own certificate. Returns how to stop. */
export function startUpkeep(deps: UpkeepDeps): () => Promise<void> {
  const { hub, store, timings, log } = deps;
  const guard = (what: string, work: () => Promise<void>) => (): void => {
    hub.track(work().catch((error: unknown) => log.warn({ err: error }, what)));
  };
  const approvals = guard('could not read approvals', () => forwardApprovals(deps));
  const subscriptions: Subscription[] = [
    store.subscribe(
      'lines',
      ({ subject }) => {
        if (PUSHED.has(subject)) hub.nudge();
      },
      () => hub.nudge(),
    ),
    store.subscribe('agents', () => {
      hub.nudge();
      approvals();
    }),
  ];
  const timers = [
    setInterval(() => {
      hub.retryDeferred();
      hub.nudge();
    }, timings.pollMs),
    setInterval(approvals, timings.pollMs * 5),
    setInterval(
      guard('could not write liveness', () => touch(deps)),
      timings.pingMs,
    ),
    setInterval(guard('could not renew the server certificate', deps.renewServer), SERVER_RENEWAL_MS),
    setInterval(guard('could not read the authorities of agents', deps.reloadAuthorities), timings.authoritiesMs),
  ];
  guard('could not write liveness', () => touch(deps))();
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await Promise.all(subscriptions.map((subscription) => subscription.close()));
  };
}

/** One row a gateway says that it lives; streams of which a newer one exists elsewhere are cut. */
async function touch({ hub, store, timings, gatewayId }: UpkeepDeps): Promise<void> {
  for (const session of hub.all()) session.ping(timings.silenceMs);
  for (const [org, sessions] of byOrg(hub.all())) {
    const live = sessions.map(({ cluster, session }) => ({ cluster, session }));
    const { fenced } = await store.withTenant(org, async (tx) => {
      await tx.gateways.lease({ id: gatewayId, address: '', ttlMs: timings.pingMs * 3 });
      await tx.gateways.reap();
      return tx.sessions.touch(live);
    });
    const lost = new Set(fenced);
    for (const session of sessions) if (lost.has(session.cluster)) session.end('superseded');
  }
}

/** Tells agents which held deletions a person let go; repeating it changes nothing. */
async function forwardApprovals({ hub, store }: UpkeepDeps): Promise<void> {
  for (const [org, sessions] of byOrg(hub.all())) {
    const holds = await store.withTenant(org, (tx) => tx.holds.list({}));
    const approved = holds.filter(({ approvedAt }) => approvedAt !== undefined);
    for (const hold of approved) sessions.find(({ cluster }) => cluster === hold.cluster)?.approve(hold);
  }
}

function byOrg(sessions: readonly AgentSession[]): Map<string, AgentSession[]> {
  const orgs = new Map<string, AgentSession[]>();
  for (const session of sessions) orgs.set(session.org, [...(orgs.get(session.org) ?? []), session]);
  return orgs;
}
