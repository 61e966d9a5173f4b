import type { Clock, Logger } from '@isthmus/platform';
import type { GatewayMessageOf } from '@isthmus/protocol';
import type { AgentStream, RenewalHandler } from '../stream.js';
import { lifeOf, renewalDueIn } from './certificate-life.js';
import { createCertificateRequest } from './certificate-request.js';
import type { Identity, IdentityStore } from './identity.js';
import type { RenewAtDoor } from './renewal-door.js';

export interface RenewalOptions {
  identities: IdentityStore;
  clock: Clock;
  log: Logger;
  /** Called with the new identity once it is stored: the next stream uses it. */
  renewed: (identity: Identity) => void;
  /** For a certificate that has run out while there was no stream. */
  door?: RenewAtDoor | undefined;
}

const RETRY_MS = 60_000;
const NOTABLE_MINUTES = 5;

/**
 * Renews the certificate at half of its life over the open stream, with a fresh key each time. Once the centre was heard, its clock
 * counts: by a clock of the cluster that is far ahead, every new certificate would have run out already.
 */
export class CertificateRenewal implements RenewalHandler {
  #pendingKey: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stream: AgentStream | undefined;
  /** How far the centre's clock is ahead of ours. */
  #offsetMs = 0;

  constructor(
    private identity: Identity,
    private readonly options: RenewalOptions,
  ) {}

  get current(): Identity {
    return this.identity;
  }

  /** Before a dial: a certificate that has run out opens no stream, but still a door for a new one. */
  async refreshExpired(): Promise<void> {
    const { door, identities, log } = this.options;
    if (door === undefined || lifeOf(this.identity.certificate).notAfter > this.#now()) return;
    const renewed = await door(this.identity);
    await identities.save(renewed);
    this.identity = renewed;
    log.info('the expired certificate was renewed');
  }

  /** Starts or stops the countdown with the stream that would carry the request. */
  useStream(stream: AgentStream | undefined): void {
    this.#stream = stream;
    clearTimeout(this.#timer);
    if (stream) this.#scheduleNext();
  }

  centreTime(now: string): void {
    const centre = Date.parse(now);
    if (Number.isNaN(centre)) return;
    this.#offsetMs = centre - this.options.clock.now().getTime();
    const minutes = Math.round(this.#offsetMs / 60_000);
    if (Math.abs(minutes) >= NOTABLE_MINUTES)
      this.options.log.warn(
        { code: 'ISM0539', minutes },
        'the clock of this cluster is off; its certificates go by the centre’s',
      );
    if (this.#stream) this.#scheduleNext();
  }

  certificate(message: GatewayMessageOf<'certificate'>): void {
    const privateKey = this.#pendingKey;
    if (privateKey === undefined) return;
    this.#pendingKey = undefined;
    this.identity = { ...this.identity, privateKey, certificate: message.certificate, ca: message.ca };
    this.options.identities
      .save(this.identity)
      .then(() => {
        this.options.log.info('certificate renewed');
        this.options.renewed(this.identity);
      })
      .catch((error: unknown) => this.options.log.error({ err: error }, 'the renewed certificate could not be stored'));
  }

  refused(reason: string): void {
    this.options.log.warn({ reason }, 'renewal refused');
    this.#schedule(RETRY_MS);
  }

  #now(): number {
    return this.options.clock.now().getTime() + this.#offsetMs;
  }

  #scheduleNext(): void {
    this.#schedule(renewalDueIn(lifeOf(this.identity.certificate), this.#now()));
  }

  #schedule(inMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#request(), Math.max(1000, inMs));
    this.#timer.unref();
  }

  async #request(): Promise<void> {
    if (this.#stream?.isWelcomed !== true) return this.#schedule(RETRY_MS);
    const { privateKey, csr } = await createCertificateRequest();
    this.#pendingKey = privateKey;
    this.#stream.send({ type: 'renew', csr });
    this.#schedule(RETRY_MS);
  }
}
