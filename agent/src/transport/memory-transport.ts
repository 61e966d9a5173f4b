import type { Stream, StreamEvents, Transport } from './transport.js';

/** The gateway's end of a stream in memory. */
export interface MemoryPeer {
  send(text: string): void;
  close(reason: string): void;
}

/** Called for each dial; returns how the far end takes frames, or throws to refuse the dial. */
export type MemoryGateway = (peer: MemoryPeer) => StreamEvents;

/** A stream without a network: frames arrive in order, in later microtasks, until either end closes. */
export function memoryTransport(gateway: MemoryGateway): Transport {
  return {
    async connect(events) {
      await Promise.resolve();
      let open = true;
      const close = (reason: string): void => {
        if (!open) return;
        open = false;
        queueMicrotask(() => {
          far.closed(reason);
          events.closed(reason);
        });
      };
      const deliver = (to: StreamEvents, text: string): void => {
        queueMicrotask(() => {
          if (open) to.message(text);
        });
      };
      const far = gateway({ send: (text) => deliver(events, text), close });
      const stream: Stream = { send: (text) => deliver(far, text), bufferedBytes: () => 0, close };
      return stream;
    },
  };
}
