import { randomUUID } from 'node:crypto';
import type { Identity } from '@isthmus/agent';
import { decodeGatewayMessage, encodeMessage } from '@isthmus/protocol';
import type { AgentMessage, AgentMessageOf, GatewayMessage, GatewayMessageOf } from '@isthmus/protocol';
import { wsTransport } from '@isthmus/agent';
import type { Stream } from '@isthmus/agent';
import type { Centre } from './centre.fixture.js';
import { eventually } from './directory-agent.fixture.js';

/** A hand-driven stream: says what a spec tells it to, also what no agent would say. */
export class RawStream {
  readonly messages: GatewayMessage[] = [];
  closed: string | undefined;
  #stream: Stream | undefined;

  static async open(centre: Centre, identity: Pick<Identity, 'certificate' | 'privateKey' | 'ca'>): Promise<RawStream> {
    const raw = new RawStream();
    const transport = wsTransport({ gateway: centre.url, credentials: () => Promise.resolve(identity) });
    raw.#stream = await transport.connect({
      message: (text) => {
        const decoded = decodeGatewayMessage(text);
        if (decoded.kind === 'message') raw.messages.push(decoded.message);
      },
      closed: (reason) => {
        raw.closed = reason;
      },
    });
    return raw;
  }

  sendText(text: string): void {
    this.#stream?.send(text);
  }

  send(message: AgentMessage): void {
    this.sendText(encodeMessage(message));
  }

  hello(more: Partial<AgentMessageOf<'hello'>> = {}): void {
    this.send({
      type: 'hello',
      protocol: 1,
      agentVersion: 'spec',
      bootId: randomUUID(),
      clusterUid: 'uid-1',
      port: 'directory',
      lines: [],
      ...more,
    });
  }

  /** The first message of the type, now or soon. */
  next<T extends GatewayMessage['type']>(type: T): Promise<GatewayMessageOf<T>> {
    return eventually(
      () => this.messages.find((message): message is GatewayMessageOf<T> => message.type === type),
      `a ${type} (got ${this.messages.map((message) => message.type).join(', ')})`,
      5000,
    );
  }

  close(): void {
    this.#stream?.close('done');
  }
}
