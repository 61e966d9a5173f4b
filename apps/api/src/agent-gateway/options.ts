import type { Clock, Logger, Registry } from '@isthmus/platform';
import type { Store } from '@isthmus/store';
import type { KeyStore } from './pki/key-store.js';

export interface AgentGatewayOptions {
  store: Store;
  log: Logger;
  clock: Clock;
  keys: KeyStore;
  /** Public keys (SPKI, PEM) of the signer; asked for at each enrolment. */
  statementKeys: () => Promise<readonly string[]>;
  host: string;
  /** 0 takes a free port. */
  port: number;
  /** DNS names and addresses that agents dial; they stand in the gateway's certificate. */
  serverNames: readonly string[];
  /** Unique per process. */
  gatewayId: string;
  metrics?: Registry;
  timings?: Partial<GatewayTimings>;
}

export interface GatewayTimings {
  /** How often pointers are compared whatever was heard. */
  pollMs: number;
  /** How often liveness is written and streams are asked for a sign of life. */
  pingMs: number;
  /** A stream that said nothing for so long is half-open and is cut. */
  silenceMs: number;
  /** How long a new stream may take to say hello. */
  helloMs: number;
  /** How often the files of the authorities are looked at. */
  authoritiesMs: number;
  /** How long reports are gathered before they are written together. */
  batchMs: number;
}

export const DEFAULT_TIMINGS: GatewayTimings = {
  pollMs: 1000,
  pingMs: 10_000,
  silenceMs: 35_000,
  helloMs: 10_000,
  authoritiesMs: 30_000,
  batchMs: 100,
};
