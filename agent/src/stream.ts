import { PROTOCOL_VERSION, createSyncAssembler, decodeGatewayMessage, encodeMessage } from '@isthmus/protocol';
import type { AgentMessage, GatewayMessage, GatewayMessageOf, SyncAssembler } from '@isthmus/protocol';
import type { AgentCore } from './agent-core.js';
import { agentIssue } from './report/agent-issue.js';
import type { Stream } from './transport/transport.js';

/** What the stream asks of the identity's owner. */
export interface RenewalHandler {
  /** What time it is at the centre, which issues and checks certificates. */
  centreTime(now: string): void;
  certificate(message: GatewayMessageOf<'certificate'>): void;
  refused(reason: string): void;
}

/** One stream to a gateway: speaks hello, takes frames into the core, sends what the core has to say. */
export class AgentStream {
  readonly #assembler: SyncAssembler = createSyncAssembler();
  #stream: Stream | undefined;
  #welcomed = false;
  #inventoryCredits = 0;
  #lastHeardMs: number;
  /** Why the gateway ended the stream, and how long to stay away. */
  bye: GatewayMessageOf<'bye'> | undefined;

  constructor(
    private readonly core: AgentCore,
    private readonly renewal: RenewalHandler,
  ) {
    this.#lastHeardMs = core.options.clock.monotonicMs();
  }

  /** Milliseconds since the gateway was heard; it pings every few seconds, so a long silence is a half-open stream. */
  silenceMs(): number {
    return this.core.options.clock.monotonicMs() - this.#lastHeardMs;
  }

  get isWelcomed(): boolean {
    return this.#welcomed;
  }

  async open(stream: Stream): Promise<void> {
    this.#stream = stream;
    const { bootId, version, cluster } = this.core.options;
    this.send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      agentVersion: version,
      bootId,
      clusterUid: await cluster.uid(),
      port: cluster.kind,
      now: this.core.options.clock.now().toISOString(),
      lines: this.core.lines.held(),
      inventory: this.core.chain.position(),
    });
  }

  /** Takes a frame. A malformed one ends the stream; an unknown type is a newer gateway's and passes by. */
  receive(text: string): void {
    this.#lastHeardMs = this.core.options.clock.monotonicMs();
    const decoded = decodeGatewayMessage(text);
    if (decoded.kind === 'message') return this.#take(decoded.message);
    if (decoded.kind === 'unknown')
      return this.core.options.log.debug({ type: decoded.type }, 'frame of an unknown type');
    this.core.options.log.warn({ reason: decoded.reason }, 'malformed frame');
    this.#stream?.close('malformed frame');
  }

  send(message: AgentMessage): void {
    this.#stream?.send(encodeMessage(message));
  }

  /** Ends this stream so that the next one is opened with what changed. */
  reconnect(reason: string): void {
    this.#stream?.close(reason);
  }

  /** Says what is new: reports at once, inventory as far as credits go. */
  flush(): void {
    if (!this.#welcomed) return;
    for (const frame of this.core.reporter.take()) this.send(frame);
    for (const frame of this.core.signals.take()) this.send(frame);
    while (this.#inventoryCredits > 0) {
      const frame = this.core.chain.next();
      if (frame === undefined) return;
      this.#inventoryCredits -= 1;
      this.send(frame);
    }
  }

  #take(message: GatewayMessage): void {
    switch (message.type) {
      case 'welcome':
        return this.#welcome(message);
      case 'sync':
        return this.#sync(message);
      case 'ping':
        return this.send({ type: 'pong', id: message.id });
      case 'bye':
        this.bye = message;
        return this.#stream?.close(message.reason);
      default:
        return this.#obey(message);
    }
  }

  /** What the centre asks for beside configuration. */
  #obey(message: Exclude<GatewayMessage, { type: 'welcome' | 'sync' | 'ping' | 'bye' }>): void {
    switch (message.type) {
      case 'inventoryAck':
        this.#inventoryCredits += 1;
        return this.flush();
      case 'resync':
        this.core.chain.restart();
        this.#inventoryCredits += 1;
        return this.flush();
      case 'freeze':
        return this.core.freeze(message.gns, message.frozen);
      case 'approvePrune':
        this.core.options.gate.approve(message.gns, message.heldSetHash);
        return this.core.wake();
      case 'certificate':
        return this.renewal.certificate(message);
      case 'renewRefused':
        return this.renewal.refused(message.reason);
    }
  }

  #welcome(message: GatewayMessageOf<'welcome'>): void {
    this.#welcomed = true;
    this.core.heardCentre = true;
    this.renewal.centreTime(message.now);
    this.#inventoryCredits = message.credits.inventory;
    if (message.inventory === 'CURRENT') this.core.chain.resume();
    else this.core.chain.restart();
    this.core.reporter.restart();
    this.core.signals.restart();
    this.core.options.log.info({ session: message.session, cluster: message.cluster.name }, 'connected');
    this.core.wake();
    this.flush();
  }

  #sync(part: GatewayMessageOf<'sync'>): void {
    const assembled = this.#assembler.add(part);
    if (assembled === 'incomplete') return;
    const { gns, line, epoch, seq, root } = part.statement;
    const position = { gns, line, epoch, seq, root };
    if (assembled === 'out-of-order') return this.send({ type: 'received', ...position, outcome: 'NEED_FULL' });
    const result = this.core.lines.receive(assembled);
    if (result.outcome === 'ACCEPTED') this.core.accepted(result.stored);
    if (result.outcome !== 'REFUSED') return this.send({ type: 'received', ...position, outcome: result.outcome });
    this.core.options.log.error({ gns, line, epoch, seq, reason: result.reason }, 'configuration refused');
    const issue = agentIssue('ISM0420', {
      path: '',
      message: `${line} (${String(epoch)}, ${String(seq)}): ${result.reason}`,
    });
    this.send({ type: 'received', ...position, outcome: 'REFUSED', issue });
  }
}
