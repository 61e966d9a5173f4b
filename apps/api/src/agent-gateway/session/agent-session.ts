import { OLDEST_PROTOCOL, PROTOCOL_VERSION, decodeAgentMessage, lineKey, syncFrame } from '@isthmus/protocol';
import type { AgentMessage, AgentMessageOf, ByeReason } from '@isthmus/protocol';
import type { Clock, Logger } from '@isthmus/platform';
import type { HoldRecord, LineStopRecord, Store } from '@isthmus/store';
import type { InventoryIntake } from '../intake/inventory-intake.js';
import { takeSignals } from '../intake/signal-intake.js';
import { storeUpdate } from '../intake/store-update.js';
import type { GatewayMetrics } from '../gateway-metrics.js';
import type { FrameSource } from '../push/frame-source.js';
import { step, stoppedSync } from '../push/line-sync.js';
import type { LineEffect, LineEvent, SyncState, Wanted } from '../push/line-sync.js';
import type { Renewal } from '../renewal.js';
import type { ReportWriter } from './report-writer.js';
import type { Reports } from './reports.js';
import { MAX_BUFFERED_BYTES, send } from './wire.js';
import type { Wire } from './wire.js';

/** What a session needs once the stream has said hello and holds the cluster's newest session number. */
export interface SessionDeps {
  store: Store;
  frames: FrameSource;
  renewal: Renewal;
  wire: Wire;
  clock: Clock;
  log: Logger;
  org: string;
  cluster: { uid: string; name: string };
  /** Number of the authority that vouches for the agent. */
  authority: number;
  session: number;
  epoch: number;
  intake: InventoryIntake;
  reports: Reports;
  reportWriter: ReportWriter;
  /** Lines on which the database was found behind the agent before. */
  stops: readonly LineStopRecord[];
  metrics: GatewayMetrics;
}

const INVENTORY_CREDITS = 4;

/**
 * One agent's stream after hello. Reading never waits for writing: reports and inventory go through queues of their own,
 * and every write is conditional on the session number.
 */
export class AgentSession {
  #sync: SyncState;
  #syncIds = 0;
  #lastHeardMs: number;
  #pingIds = 0;
  #ended = false;
  #isReporting = false;
  #reporting: Promise<void> = Promise.resolve();
  #writes: Promise<void> = Promise.resolve();
  #deferred = new Map<string, LineEffect & { do: 'send' }>();
  /** Lines on which nothing is pushed since the agent knows more than the database. */
  readonly #stopped: Set<string>;

  constructor(private readonly deps: SessionDeps) {
    this.#lastHeardMs = deps.clock.monotonicMs();
    this.#sync = stoppedSync(deps.stops);
    this.#stopped = new Set(deps.stops.map(({ gns, line }) => `${gns}/${line}`));
  }

  get cluster(): string {
    return this.deps.cluster.uid;
  }

  get org(): string {
    return this.deps.org;
  }

  get session(): number {
    return this.deps.session;
  }

  get authority(): number {
    return this.deps.authority;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  /** Answers hello and starts to push. */
  welcome(hello: AgentMessageOf<'hello'>, wanted: readonly Wanted[]): void {
    const { wire, intake, org, cluster, session, epoch, clock } = this.deps;
    const current = hello.inventory !== undefined && intake.isCurrent(hello.inventory.root);
    if (hello.inventory && current) intake.resume(hello.inventory.seq);
    send(wire, {
      type: 'welcome',
      protocol: Math.min(hello.protocol, PROTOCOL_VERSION),
      session,
      epoch,
      org,
      cluster,
      now: clock.now().toISOString(),
      inventory: current ? 'CURRENT' : 'NEEDED',
      credits: { inventory: INVENTORY_CREDITS },
    });
    if (hello.inventory && current) this.#confirmInventory();
    this.#advance({ event: 'hello', lines: hello.lines });
    this.want(wanted);
  }

  /** Newer positions of some lines; older ones change nothing. */
  want(wanted: readonly Wanted[]): void {
    if (wanted.length > 0) this.#advance({ event: 'wanted', wanted });
  }

  receive(text: string): void {
    this.#lastHeardMs = this.deps.clock.monotonicMs();
    const decoded = decodeAgentMessage(text);
    const type = decoded.kind === 'message' ? decoded.message.type : decoded.kind;
    this.deps.metrics.frames.inc({ direction: 'in', type });
    if (decoded.kind === 'message') return this.#take(decoded.message);
    if (decoded.kind === 'malformed') this.end('protocol', decoded.reason);
  }

  /** A person approved held deletions: inventory here, objects at the agent. */
  approve(hold: HoldRecord): void {
    if (hold.kind === 'PRUNE')
      return send(this.deps.wire, { type: 'approvePrune', gns: hold.gns, heldSetHash: hold.setHash });
    this.#enqueue(async () => {
      const result = this.deps.intake.again(hold.setHash);
      if (result?.kind === 'write') await this.#writeInventory(result);
    });
  }

  /** Asks for a sign of life; a stream that was silent for too long is half-open and is cut. */
  ping(silenceMs: number): void {
    if (this.deps.clock.monotonicMs() - this.#lastHeardMs > silenceMs) return this.end('slow', 'nothing was heard');
    this.#pingIds += 1;
    send(this.deps.wire, { type: 'ping', id: this.#pingIds });
    this.sendDeferred();
  }

  end(reason: ByeReason, detail?: string): void {
    if (this.#ended) return;
    this.deps.log.info({ cluster: this.deps.cluster.name, session: this.session, reason, detail }, 'stream ends');
    send(
      this.deps.wire,
      detail === undefined ? { type: 'bye', reason } : { type: 'bye', reason, detail: detail.slice(0, 500) },
    );
    this.deps.wire.close(reason);
    this.#ended = true;
  }

  /** The stream is gone. What was gathered is still written. */
  async closed(reason: string): Promise<void> {
    this.#ended = true;
    while (this.#isReporting) await this.#reporting;
    await this.#writes;
    await this.deps.store.withTenant(this.org, (tx) => tx.sessions.disconnect(this.cluster, this.session, reason));
  }

  #take(message: AgentMessage): void {
    switch (message.type) {
      case 'hello':
        return this.end('protocol', 'a second hello');
      case 'received':
        return this.#received(message);
      case 'applied':
        this.deps.reports.add(message);
        this.deps.metrics.acks.inc({ line: message.line, outcome: message.state });
        this.#report();
        return;
      case 'inventory':
        return this.#enqueue(() => this.#inventory(message));
      case 'signals':
        return this.#enqueue(() => this.#signals(message));
      case 'renew':
        return this.#enqueue(() => this.#renew(message.csr));
      case 'pong':
        return this.sendDeferred();
    }
  }

  #received(message: AgentMessageOf<'received'>): void {
    this.deps.metrics.acks.inc({ line: message.line, outcome: message.outcome });
    if (message.issue) this.#noteError(`${message.issue.code}: ${message.issue.message}`);
    if (message.outcome === 'ACCEPTED' && this.#stopped.delete(lineKey(message)) && this.#stopped.size === 0)
      this.#noteError(undefined);
    this.#advance({ event: 'received', message });
  }

  #advance(event: LineEvent): void {
    const { state, effects } = step(this.#sync, event);
    this.#sync = state;
    for (const effect of effects) {
      if (effect.do === 'send') void this.#send(effect);
      else this.#stop(effect);
    }
  }

  /** A pointer of an epoch before the database's own is about to be signed anew: that is no fault. */
  #stop(effect: LineEffect & { do: 'fault' }): void {
    const { statement } = effect.wanted;
    if (statement.epoch < this.deps.epoch) return;
    this.#stopped.add(lineKey(statement));
    const { gns, line } = statement;
    const [epoch, message] = [effect.held?.epoch ?? statement.epoch, faultText(effect)];
    this.#enqueue(() =>
      this.deps.store.withTenant(this.org, (tx) =>
        tx.lineStops.add({ cluster: this.cluster, gns, line, epoch, message }),
      ),
    );
    this.#noteError(message);
  }

  async #send(effect: LineEffect & { do: 'send' }): Promise<void> {
    const { wire, frames, log } = this.deps;
    const { statement, signature } = effect.wanted;
    const key = `${statement.gns}/${statement.line}`;
    if (wire.bufferedBytes() > MAX_BUFFERED_BYTES) return void this.#deferred.set(key, effect);
    try {
      const parts = await frames.parts(this.org, { from: effect.from, to: statement.root });
      if (parts === undefined) return void this.#deferred.set(key, effect);
      if (this.#ended) return;
      this.#syncIds += 1;
      const head = { id: this.#syncIds, statement, signature };
      this.deps.metrics.frames.inc({ direction: 'out', type: 'sync' }, parts.length);
      parts.forEach((part, index) => wire.sendText(syncFrame(head, { part: index, parts: parts.length }, part)));
    } catch (error) {
      log.error({ err: error, line: key }, 'could not read a tree; it will be tried again');
      this.#deferred.set(key, effect);
    }
  }

  /** Tries what could not be sent before: a tree that was not readable, a socket that was full. */
  sendDeferred(): void {
    const effects = [...this.#deferred.values()];
    this.#deferred.clear();
    for (const effect of effects) void this.#send(effect);
  }

  /** What was gathered is written with what other agents report; what comes while it is written is next. */
  #report(): void {
    if (this.#isReporting) return;
    this.#isReporting = true;
    const from = { cluster: this.cluster, session: this.session };
    const { reports, reportWriter } = this.deps;
    this.#reporting = this.#guarded(async () => {
      const outcome = await reportWriter.write(this.org, from, reports).finally(() => (this.#isReporting = false));
      if (outcome === 'fenced') return this.end('superseded');
      if (!reports.isEmpty) this.#report();
    });
  }

  async #inventory(frame: AgentMessageOf<'inventory'>): Promise<void> {
    const hold = frame.complete ? await this.#intakeHold() : undefined;
    const result = this.deps.intake.take(frame, hold?.approvedAt === undefined ? undefined : hold.setHash);
    if (result.kind === 'resync') {
      this.deps.metrics.intakeRefusals.inc({ reason: 'resync' });
      return send(this.deps.wire, { type: 'resync', reason: result.reason });
    }
    if (result.held !== undefined) this.deps.metrics.intakeRefusals.inc({ reason: 'held' });
    await this.#writeInventory(result, frame);
    send(this.deps.wire, { type: 'inventoryAck', seq: frame.seq });
  }

  async #intakeHold(): Promise<HoldRecord | undefined> {
    const holds = await this.deps.store.withTenant(this.org, (tx) => tx.holds.list({ cluster: this.cluster }));
    return holds.find(({ kind }) => kind === 'INTAKE');
  }

  async #writeInventory(result: Parameters<typeof storeUpdate>[0], frame?: AgentMessageOf<'inventory'>): Promise<void> {
    const from = { cluster: this.cluster, session: this.session };
    const outcome = await this.deps.store.withTenant(this.org, async (tx) => {
      const written = await tx.inventory.apply(
        from,
        storeUpdate(result, frame ?? (await tx.inventory.head(this.cluster))),
      );
      if (written !== 'written') return written;
      const { held } = result;
      if (held)
        await tx.holds.hold({
          cluster: this.cluster,
          kind: 'INTAKE',
          ...held,
        });
      else if (result.update.complete) await tx.holds.clear(this.cluster, 'INTAKE');
      return written;
    });
    if (outcome === 'fenced') this.end('superseded');
  }

  #confirmInventory(): void {
    const from = { cluster: this.cluster, session: this.session };
    this.#enqueue(async () => {
      const outcome = await this.deps.store.withTenant(this.org, (tx) => tx.inventory.confirm(from));
      if (outcome === 'fenced') this.end('superseded');
    });
  }

  /** A lossy channel: what is not taken is a gap. */
  async #signals(frame: AgentMessageOf<'signals'>): Promise<void> {
    const { store, cluster, session, clock, log } = this.deps;
    const outcome = await store.withTenant(this.org, async (tx) => {
      const members = await tx.members.ofCluster(cluster.name);
      const hosts = new Set(members.filter(({ gns }) => gns === frame.gns).map(({ host }) => host));
      const taken = takeSignals(frame, { now: clock.now().getTime() / 1000, hosts });
      if (taken.kind !== 'row') return taken.kind;
      const { minute, body } = taken;
      return tx.signals.write({ cluster: cluster.uid, session }, [{ gns: frame.gns, minute, body }]);
    });
    if (outcome === 'fenced') this.end('superseded');
    else if (outcome === 'too-late' || outcome === 'too-early')
      log.warn({ code: 'ISM0705', cluster: cluster.name, minute: frame.minute, outcome }, 'signals not taken');
  }

  async #renew(csr: string): Promise<void> {
    const answer = await this.deps.renewal.renew({ org: this.org, cluster: this.cluster, session: this.session }, csr);
    send(this.deps.wire, answer);
  }

  /** Undefined: what was noted is over. */
  #noteError(error: string | undefined): void {
    if (error !== undefined) this.deps.log.warn({ cluster: this.deps.cluster.name, error }, 'agent cannot follow');
    this.#enqueue(() =>
      this.deps.store.withTenant(this.org, (tx) => tx.sessions.noteError(this.cluster, error?.slice(0, 500))),
    );
  }

  /** Writes run one after another, in the order of their frames; a failed one ends the stream, so that the agent says it again. */
  #enqueue(write: () => Promise<void>): void {
    this.#writes = this.#writes.then(() => this.#guarded(write));
  }

  async #guarded(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.deps.log.error({ err: error, cluster: this.deps.cluster.name }, 'could not write what an agent said');
      this.end('shutdown', 'the centre could not write; come again');
    }
  }
}

/** True if this release can talk to a peer of that protocol. */
export function speaks(protocol: number): boolean {
  return protocol >= OLDEST_PROTOCOL;
}

function faultText({ fault, wanted, held }: LineEffect & { do: 'fault' }): string {
  const { gns, line, epoch, seq } = wanted.statement;
  const at = held ? `(${String(held.epoch)}, ${String(held.seq)})` : 'nothing';
  return `ISM0421: ${fault} on ${gns}/${line}: the agent holds ${at}, the database (${String(epoch)}, ${String(seq)})`;
}
