/** One open stream to a gateway. */
export interface Stream {
  send(text: string): void;
  /** Bytes that were handed over and not yet taken by the network. */
  bufferedBytes(): number;
  close(reason: string): void;
}

/** What a stream tells its owner; nothing comes after `closed`. */
export interface StreamEvents {
  message(text: string): void;
  closed(reason: string): void;
}

/** Dials the gateway, once a call. Rejects when no stream came about. */
export interface Transport {
  connect(events: StreamEvents): Promise<Stream>;
}
