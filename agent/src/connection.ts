import { pause } from '@isthmus/platform';
import type { AgentCore } from './agent-core.js';
import { AgentStream } from './stream.js';
import type { RenewalHandler } from './stream.js';
import { isRetiredAuthority } from './transport/explain-dial.js';
import type { Backoff } from './transport/backoff.js';
import type { Transport } from './transport/transport.js';

export interface ConnectionOptions {
  core: AgentCore;
  transport: Transport;
  backoff: Backoff;
  renewal: RenewalHandler;
  /** Makes the credentials usable, if they are not; rejecting is a failed dial. */
  beforeDial?: () => Promise<void>;
  /** The gateway was reached and did not take the identity. */
  turnedAway?: () => void;
  signal: AbortSignal;
  /** The stream that is open now, for the loop's flush; undefined when there is none. */
  onStream: (stream: AgentStream | undefined) => void;
}

/** The gateway pings every 10 s; after this long it is gone although nobody said so. */
const MAX_SILENCE_MS = 45_000;
const SILENCE_CHECK_MS = 5000;

/** Keeps one stream open until told to stop, with full jitter between tries. Losing the centre changes nothing in the cluster. */
export async function keepConnected(options: ConnectionOptions): Promise<void> {
  const { core, signal, backoff } = options;
  while (!signal.aborted) {
    const { reason, stream } = await oneStream(options);
    if (signal.aborted) return;
    if (stream?.isWelcomed === true) backoff.reset();
    if (isTurnedAway(stream, reason)) options.turnedAway?.();
    const wait = stream?.bye?.retryAfterMs ?? backoff.next();
    core.options.log.warn(
      { reason: whyEnded(stream, reason), retryInMs: wait },
      'no stream to the gateway; the cluster stays as it is',
    );
    await pause(wait, signal);
  }
}

/** Where the gateway's authority is another one, it takes no identity of the old one. 403 is the answer to a certificate that opens no stream; the reasons of `bye` are for one that did, of a cluster that is kept out. */
function isTurnedAway(stream: AgentStream | undefined, reason: string): boolean {
  return stream === undefined
    ? /\b403\b/.test(reason) || isRetiredAuthority(reason)
    : /^(revoked|cloned)$/.test(stream.bye?.reason ?? '');
}

function whyEnded(stream: AgentStream | undefined, reason: string): string {
  return stream?.bye?.detail ?? stream?.bye?.reason ?? reason;
}

async function oneStream(options: ConnectionOptions): Promise<{ reason: string; stream?: AgentStream }> {
  const { core, transport, signal, renewal, onStream } = options;
  const stream = new AgentStream(core, renewal);
  let ended: (reason: string) => void = () => undefined;
  const end = new Promise<string>((resolve) => {
    ended = resolve;
  });
  try {
    await options.beforeDial?.();
    const raw = await transport.connect({ message: (text) => stream.receive(text), closed: (reason) => ended(reason) });
    const onAbort = (): void => raw.close('agent stops');
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) raw.close('agent stops');
    onStream(stream);
    await stream.open(raw);
    const watch = setInterval(() => {
      if (stream.silenceMs() > MAX_SILENCE_MS) raw.close('the gateway was not heard');
    }, SILENCE_CHECK_MS);
    const reason = await end;
    clearInterval(watch);
    signal.removeEventListener('abort', onAbort);
    return { reason, stream };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  } finally {
    onStream(undefined);
  }
}
