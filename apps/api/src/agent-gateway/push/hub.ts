import type { Logger } from '@isthmus/platform';
import type { HeadRecord, SessionRecord, Store, TargetRecord, TenantTx } from '@isthmus/store';
import type { AgentSession } from '../session/agent-session.js';
import { wantedLines } from '../session/open-session.js';

const PAGE = 1000;

interface Org {
  sessions: Map<string, AgentSession>;
  /** GNS ids that a cluster follows. */
  followed: Map<string, Set<string>>;
  /** Sessions that came since the last comparison: all of their lines are read, whatever the versions say. */
  fresh: Set<AgentSession>;
  versions: { target: number; head: number; agent: number };
}

/**
 * The sessions of this gateway, and what moves them: pointers in Postgres, compared on every nudge and every second.
 * A lost nudge costs a second, never a change.
 */
export class Hub {
  readonly #orgs = new Map<string, Org>();
  #polling: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  readonly #closing = new Set<Promise<void>>();

  constructor(
    private readonly store: Store,
    private readonly log: Logger,
  ) {}

  /** Takes a session in; an older one of the same cluster is cut. */
  add(session: AgentSession): void {
    const org = this.#orgs.get(session.org) ?? newOrg();
    this.#orgs.set(session.org, org);
    org.sessions.get(session.cluster)?.end('superseded', 'a newer stream of this identity was opened');
    org.sessions.set(session.cluster, session);
    org.fresh.add(session);
    this.nudge();
  }

  remove(session: AgentSession): void {
    const org = this.#orgs.get(session.org);
    if (org?.sessions.get(session.cluster) !== session) return;
    org.sessions.delete(session.cluster);
    org.followed.delete(session.cluster);
    org.fresh.delete(session);
    if (org.sessions.size === 0) this.#orgs.delete(session.org);
  }

  all(): AgentSession[] {
    return [...this.#orgs.values()].flatMap(({ sessions }) => [...sessions.values()]);
  }

  /** Lets a stream's last writes be waited for. */
  track(closing: Promise<void>): void {
    const done = closing.finally(() => this.#closing.delete(done));
    this.#closing.add(done);
  }

  /** No comparison begins any more; resolves when the running one and all last writes are done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#polling;
    await Promise.all(this.#closing);
  }

  /** Compares now, or once more after the comparison that is running. */
  nudge(): void {
    if (this.#stopped) return;
    if (this.#polling !== undefined) {
      this.#again = true;
      return;
    }
    this.#polling = this.#pollAll().finally(() => {
      this.#polling = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.nudge();
    });
  }

  async #pollAll(): Promise<void> {
    for (const [id, org] of this.#orgs) {
      try {
        await this.#poll(id, org);
      } catch (error) {
        this.log.warn({ err: error, org: id }, 'could not compare pointers; trying again');
      }
    }
  }

  /** Tries again what could not be sent. It waits for no comparison: one that waits for the database would hold it up. */
  retryDeferred(): void {
    for (const session of this.all()) session.sendDeferred();
  }

  async #poll(id: string, org: Org): Promise<void> {
    const { target, head, agent } = org.versions;
    const fresh = [...org.fresh];
    const changed = await this.store.withTenant(id, async (tx) => ({
      targets: await tx.targets.changedSince(target, PAGE),
      heads: await tx.heads.changedSince(head, PAGE),
      sessions: await tx.sessions.changedSince(agent, PAGE),
      ofFresh: await targetsOf(tx, fresh),
    }));
    for (const record of changed.sessions) judgeSession(org.sessions.get(record.cluster), record);
    const targets = [...changed.ofFresh, ...changed.targets];
    this.#pushTargets(org, targets);
    await this.#pushHeads(id, org, { changed: changed.heads, targets });
    // Only now: a comparison that failed on the way is made again for the same newcomers, whose catalogs move without a version of theirs.
    for (const session of fresh) org.fresh.delete(session);
    org.versions = {
      target: newest(changed.targets, target),
      head: newest(changed.heads, head),
      agent: newest(changed.sessions, agent),
    };
    if ([changed.targets, changed.heads, changed.sessions].some(({ length }) => length === PAGE)) this.#again = true;
  }

  #pushTargets(org: Org, targets: readonly TargetRecord[]): void {
    for (const record of targets) {
      const session = org.sessions.get(record.cluster);
      if (session === undefined) continue;
      const followed = org.followed.get(record.cluster) ?? new Set<string>();
      org.followed.set(record.cluster, followed);
      if (record.state === 'CLOSED') followed.delete(record.gns);
      else followed.add(record.gns);
      session.want(wantedLines([record], []));
    }
  }

  /** Heads that moved go to all who follow them; who began to follow one now gets it although it did not move. */
  async #pushHeads(
    id: string,
    org: Org,
    news: { changed: readonly HeadRecord[]; targets: readonly TargetRecord[] },
  ): Promise<void> {
    const moved = new Set(news.changed.map(({ gns }) => gns));
    const missing = [
      ...new Set(
        news.targets.filter(({ cluster, gns }) => org.sessions.has(cluster) && !moved.has(gns)).map(({ gns }) => gns),
      ),
    ];
    const others = missing.length === 0 ? [] : await this.store.withTenant(id, (tx) => tx.heads.list(missing));
    for (const head of [...news.changed, ...others]) {
      for (const [cluster, followed] of org.followed) {
        if (followed.has(head.gns)) org.sessions.get(cluster)?.want(catalogOf(head));
      }
    }
  }
}

async function targetsOf(tx: TenantTx, sessions: readonly AgentSession[]): Promise<TargetRecord[]> {
  const targets: TargetRecord[] = [];
  for (const { cluster } of sessions) targets.push(...(await tx.targets.ofCluster(cluster)));
  return targets;
}

function newOrg(): Org {
  return { sessions: new Map(), followed: new Map(), fresh: new Set(), versions: { target: 0, head: 0, agent: 0 } };
}

function catalogOf(head: HeadRecord): ReturnType<typeof wantedLines> {
  const followed = { gns: head.gns, state: 'ACTIVE', statement: '', signature: '' } as TargetRecord;
  return wantedLines([followed], [head]);
}

/** Cuts a stream whose identity was revoked, quarantined or taken over elsewhere. */
function judgeSession(session: AgentSession | undefined, record: SessionRecord): void {
  if (session === undefined) return;
  if (record.revokedAt !== undefined) return session.end('revoked', 'the cluster was revoked');
  if (record.quarantine !== undefined) return session.end('cloned', record.quarantine);
  if (record.session > session.session) session.end('superseded', 'a newer stream of this identity was opened');
}

function newest(records: readonly { version: number }[], known: number): number {
  return records.reduce((most, { version }) => Math.max(most, version), known);
}
