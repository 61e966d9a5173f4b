import type { GatewayMessage } from '@isthmus/protocol';
import { encodeMessage } from '@isthmus/protocol';

/** The socket as a session sees it. */
export interface Wire {
  sendText(text: string): void;
  bufferedBytes(): number;
  /** Ends the stream after what was sent. */
  close(reason: string): void;
}

/** Above this many bytes that the network did not take yet, no further delta is begun. */
export const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

export function send(wire: Wire, message: GatewayMessage): void {
  wire.sendText(encodeMessage(message));
}
