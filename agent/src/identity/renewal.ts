import { CLOCK_TOLERANCE_MS } from '@isthmus/installation';
import type { Clock, Logger } from '@isthmus/platform';
import type { GatewayMessageOf } from '@isthmus/protocol';
import type { AgentStream, RenewalHandler } from '../stream.js';
import { lifeOf, renewalDueIn } from './certificate-life.js';
import { createCertificateRequest } from './certificate-request.js';
import type { Identity, IdentityStore } from './identity.js';
import type { EnrolAnew } from './new-token.js';
import { DoorShut } from './renewal-door.js';
import type { RenewAtDoor } from './renewal-door.js';

export interface RenewalOptions {
  identities: IdentityStore;
  clock: Clock;
  log: Logger;
  /** Called with the new identity once it is stored: the next stream uses it. */
  renewed: (identity: Identity) => void;
  /** For a certificate that has run out while there was no stream. */
  door?: RenewAtDoor | undefined;
  /** For an identity that the gateway does not take any more. */
  anew?: EnrolAnew | undefined;
}

const RETRY_MS = 60_000;

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
  #turnedAway = false;

  constructor(
    private identity: Identity,
    private readonly options: RenewalOptions,
  ) {}

  get current(): Identity {
    return this.identity;
  }

  /**
   * Before a dial: a certificate that has run out opens no stream, but still a door for a new one. Where that is shut, and where the gateway
   * turned this identity away, only a new token helps.
   */
  async refresh(): Promise<void> {
    if (lifeOf(this.identity.certificate).notAfter <= this.#now()) await this.#refreshExpired();
    else if (this.#turnedAway) await this.#enrolAnew();
  }

  /** The gateway did not take this identity for a stream. */
  turnedAway(): void {
    this.#turnedAway = true;
  }

  async #refreshExpired(): Promise<void> {
    const { door, log } = this.options;
    if (door === undefined) return;
    try {
      await this.#take(await door(this.identity));
      log.info('the expired certificate was renewed');
    } catch (error) {
      if (!(error instanceof DoorShut) || !(await this.#enrolAnew())) throw error;
    }
  }

  /** True if there was a token, and it was good. */
  async #enrolAnew(): Promise<boolean> {
    const identity = await this.options.anew?.(this.identity);
    if (identity === undefined) return false;
    await this.#take(identity);
    this.options.log.info('enrolled again, with a new token');
    return true;
  }

  async #take(identity: Identity): Promise<void> {
    await this.options.identities.save(identity);
    this.identity = identity;
    this.#turnedAway = false;
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
    if (Math.abs(this.#offsetMs) >= CLOCK_TOLERANCE_MS)
      this.options.log.warn(
        { code: 'ISM0539', minutes: Math.round(this.#offsetMs / 60_000) },
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
