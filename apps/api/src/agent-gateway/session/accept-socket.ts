import { decodeAgentMessage } from '@isthmus/protocol';
import type { AgentMessageOf, ByeReason } from '@isthmus/protocol';
import type { WebSocket } from 'ws';
import type { Admission } from '../admission.js';
import type { GatewayTimings } from '../options.js';
import type { Hub } from '../push/hub.js';
import type { AgentSession } from './agent-session.js';
import { openSession } from './open-session.js';
import type { OpenDeps } from './open-session.js';
import { send } from './wire.js';
import type { Wire } from './wire.js';

export interface AcceptedSocket {
  socket: WebSocket;
  identity: Admission & { ok: true };
  address: string;
  open: OpenDeps;
  hub: Hub;
  timings: GatewayTimings;
}

/** Carries one socket from its first frame to its end. Frames that come while the session opens wait. */
export function acceptSocket(accepted: AcceptedSocket): void {
  new Accept(accepted).start();
}

class Accept {
  #session: AgentSession | undefined;
  #opening = false;
  #waiting: string[] = [];
  #closed = false;
  #timers: NodeJS.Timeout[] = [];
  readonly #wire: Wire;

  constructor(private readonly accepted: AcceptedSocket) {
    this.#wire = wireOf(accepted.socket);
  }

  start(): void {
    const { socket, timings, identity, open } = this.accepted;
    const left = identity.notAfter.getTime() - open.clock.now().getTime();
    this.#timers = [
      setTimeout(() => this.#refuseSilent(), timings.helloMs),
      setTimeout(() => this.#end('expired', 'the certificate ran out'), Math.max(0, left)),
    ];
    socket.on('message', (data, binary) => {
      if (binary || !Buffer.isBuffer(data)) return this.#end('protocol', 'frames are text');
      this.#receive(data.toString('utf8'));
    });
    socket.on('error', (error) => open.log.debug({ err: error }, 'socket error'));
    socket.on('close', (code, reason) =>
      this.accepted.hub.track(this.#onClose(reason.toString('utf8') || `code ${String(code)}`)),
    );
  }

  #receive(text: string): void {
    if (this.#session) return this.#session.receive(text);
    if (this.#opening) return void this.#waiting.push(text);
    const decoded = decodeAgentMessage(text);
    if (decoded.kind !== 'message' || decoded.message.type !== 'hello')
      return this.#end('protocol', 'the first frame is hello');
    this.#opening = true;
    void this.#openWith(decoded.message);
  }

  async #openWith(hello: AgentMessageOf<'hello'>): Promise<void> {
    const { identity, address, open, hub } = this.accepted;
    const { org, cluster, authority } = identity;
    try {
      const outcome = await openSession(open, { org, cluster, authority, address, wire: this.#wire, hello });
      if (!outcome.ok) return this.#end(outcome.reason, outcome.detail);
      this.#session = outcome.session;
      if (this.#closed) return await this.#session.closed('closed while opening');
      hub.add(outcome.session);
      for (const text of this.#waiting.splice(0)) outcome.session.receive(text);
    } catch (error) {
      open.log.error({ err: error, cluster: cluster.name }, 'could not open a session');
      this.#end('shutdown', 'the centre could not answer; come again');
    }
  }

  #refuseSilent(): void {
    if (!this.#opening && !this.#session) this.#end('protocol', 'no hello came');
  }

  #end(reason: ByeReason, detail: string): void {
    if (this.#session) return this.#session.end(reason, detail);
    send(this.#wire, { type: 'bye', reason, detail });
    this.#wire.close(reason);
  }

  async #onClose(reason: string): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    if (this.#session === undefined) return;
    this.accepted.hub.remove(this.#session);
    await this.#session.closed(reason).catch((error: unknown) => {
      this.accepted.open.log.warn({ err: error }, 'could not note the end of a stream');
    });
  }
}

/** A peer that does not finish the closing handshake is cut after this time. */
const CLOSE_MS = 1000;

function wireOf(socket: WebSocket): Wire {
  return {
    sendText: (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text);
    },
    bufferedBytes: () => socket.bufferedAmount,
    close: (reason) => {
      socket.close(1000, reason);
      setTimeout(() => socket.terminate(), CLOSE_MS).unref();
    },
  };
}
