import { createLocalJWKSet, errors, type JSONWebKeySet, type LocalJWKSet } from 'jose';
import { isLoopback } from '../sign-in-settings.js';
import { boundedFetch } from './bounded-fetch.js';
import { Kept } from './kept.js';
import { UnansweredError, type Patience } from './patience.js';

/** Signatures by a key that a provider publishes; neither `none` nor secrets. */
export const ALGORITHMS: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** A key that is published no longer counts so long at most. */
const MAX_AGE_MS = 5 * 60_000;
/** What is signed by an unknown key has the keys fetched anew, but no sooner: anybody can write the id of a key. */
export const COOL_DOWN_MS = 30_000;

/** How what a provider publishes is fetched. */
export interface FetchTimes extends Pick<Patience, 'requestMs' | 'pauseMs'> {
  now: () => number;
}

/** The signing keys of one provider, for ID tokens and logout tokens alike. */
export class ProviderKeys {
  private readonly kept: Kept<LocalJWKSet>;

  constructor(address: URL, times: FetchTimes) {
    const rule = { maxAgeMs: MAX_AGE_MS, pauseMs: times.pauseMs, now: times.now };
    this.kept = new Kept(() => fetchKeys(address, times.requestMs), rule);
  }

  /**
   * Checks something by the keys. If none of them signed it they are fetched anew, after a cool-down, and it is checked once more: the
   * provider may have changed them, under the same id too. Throws what the check throws, or an `UnansweredError`.
   */
  async check<T>(by: (keys: LocalJWKSet) => Promise<T>): Promise<T> {
    const keys = await this.kept.get();
    try {
      return await by(keys);
    } catch (error) {
      if (!mayBeOfNewerKey(error)) throw error;
      const newer = await this.kept.get(COOL_DOWN_MS);
      if (newer === keys) throw error;
      return by(newer);
    }
  }
}

function mayBeOfNewerKey(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed;
}

async function fetchKeys(address: URL, timeoutMs: number): Promise<LocalJWKSet> {
  if (address.protocol !== 'https:' && !isLoopback(address)) throw new Error('keys are not fetched in the clear');
  const response = await boundedFetch(address.href, {
    headers: { accept: 'application/json, application/jwk-set+json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  if (response.status >= 500) throw new UnansweredError(`NO_KEYS_${response.status}`);
  if (response.status !== 200) throw new Error(`no keys: ${response.status}`);
  return createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
}
