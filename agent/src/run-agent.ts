import type { AgentOptions } from './agent-core.js';
import { AgentCore } from './agent-core.js';
import { keepConnected } from './connection.js';
import type { EnrolAnew } from './identity/new-token.js';
import { CertificateRenewal } from './identity/renewal.js';
import type { RenewAtDoor } from './identity/renewal-door.js';
import type { Identity, IdentityStore } from './identity/identity.js';
import { runLoop } from './loop.js';
import { observeSignals } from './observe/signals/observe-signals.js';
import type { AgentStream } from './stream.js';
import { fullJitter } from './transport/backoff.js';
import type { Transport } from './transport/transport.js';

export interface RunOptions extends AgentOptions {
  identities: IdentityStore;
  /** Makes the transport; the credentials are asked for at each dial. */
  transport: (credentials: () => Identity) => Transport;
  /** Renews a certificate that has run out. */
  door?: RenewAtDoor;
  /** Replaces an identity that the gateway does not take any more. */
  anew?: EnrolAnew;
  random: () => number;
  signal: AbortSignal;
}

/** Runs an enrolled agent until the signal: the stream and the loop side by side over one core. */
export async function runAgent(options: RunOptions): Promise<void> {
  const { log, cluster } = options;
  const hold = (await cluster.hold?.()) ?? { outcome: 'held' as const, release: () => Promise.resolve() };
  if (hold.outcome === 'taken') throw new Error(`another agent works on this cluster: ${hold.by}`);
  try {
    await runHolding(options);
  } finally {
    await hold.release();
  }
  log.info('agent stopped; the cluster stays as it is');
}

async function runHolding(options: RunOptions): Promise<void> {
  const { signal, clock, log, identities } = options;
  const core = new AgentCore(options);
  await core.restore();
  let stream: AgentStream | undefined;
  const renewal = new CertificateRenewal(options.identity, {
    identities,
    clock,
    log,
    door: options.door,
    anew: options.anew,
    renewed: () => stream?.reconnect('renewed'),
  });
  const flush = (): void => stream?.flush();
  const connection = keepConnected({
    core,
    transport: options.transport(() => renewal.current),
    backoff: fullJitter({ baseMs: 500, capMs: 30_000, random: options.random }),
    renewal,
    beforeDial: async () => {
      await renewal.refresh();
      core.trust(renewal.current.statementKeys);
    },
    turnedAway: () => renewal.turnedAway(),
    signal,
    onStream: (next) => {
      stream = next;
      renewal.useStream(next);
    },
  });
  const { signals: source, random } = options;
  const measuring = source === undefined ? undefined : observeSignals(core, { source, signal, flush, random });
  await Promise.all([connection, runLoop(core, { signal, flush }), measuring]);
}
