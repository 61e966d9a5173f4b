import type { ProofSettings } from '../sign-in-settings.js';
import type { Claims } from './claims.js';

/** What the authorization request asks a provider for, so that it may meet what is required (OpenID Connect Core, 3.1.2.1). */
export function proofRequested({ acr, maxAgeMinutes }: ProofSettings): Record<string, string> {
  return {
    ...(acr === undefined ? {} : { acr_values: acr.join(' ') }),
    ...(maxAgeMinutes === undefined ? {} : { max_age: String(maxAgeMinutes * 60) }),
  };
}

/**
 * What an ID token lacks of the proof that is required, for the log; undefined: nothing. A provider may ignore what it was asked for:
 * what it says it did counts, by `acr`, `amr` (RFC 8176) and `auth_time` (seconds since 1970). `now` is in milliseconds.
 */
export function proofLacking(
  idToken: Claims,
  { acr, amr, maxAgeMinutes }: ProofSettings,
  { now, toleranceSeconds }: { now: number; toleranceSeconds: number },
): string | undefined {
  if (acr !== undefined && !acr.includes(idToken['acr'] as string)) return 'acr';
  const methods = idToken['amr'];
  if (amr !== undefined && !(Array.isArray(methods) && amr.some((one) => methods.includes(one)))) return 'amr';
  if (maxAgeMinutes === undefined) return undefined;
  const at = idToken['auth_time'];
  const isRecent = typeof at === 'number' && at + maxAgeMinutes * 60 + toleranceSeconds >= now / 1000;
  return isRecent ? undefined : 'auth_time';
}

/** The provider stands for the person, who did not prove it as is required here. */
export class ProofError extends Error {
  /** `lacking`: the claim that says so. */
  constructor(readonly lacking: string) {
    super(`the ID token lacks the ${lacking} that is required`);
  }
}
