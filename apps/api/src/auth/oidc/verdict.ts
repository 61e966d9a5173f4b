import * as oidc from 'openid-client';
import type { CheckOutcome, ProviderTokens } from './oidc-provider.js';
import { UnansweredError } from './patience.js';

/** Errors that are about the grant; all others are about the provider, the network or our client. */
const ABOUT_THE_GRANT: ReadonlySet<string> = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
  'access_denied',
]);

/** What an error says of a person about whom a provider was asked. `tokens`: those that count then. */
export function verdictOf(error: unknown, tokens: ProviderTokens): CheckOutcome {
  if (error instanceof oidc.ResponseBodyError && ABOUT_THE_GRANT.has(error.error))
    return { outcome: 'gone', reason: `the provider refused to renew (${error.error})` };
  if (error instanceof oidc.WWWAuthenticateChallengeError && [401, 403].includes(error.status))
    return { outcome: 'gone', reason: `the provider refused the access token (${error.status})` };
  return { outcome: 'unreachable', reason: faultText(error), tokens };
}

/** What went wrong, without anything that was sent: a code, or the kind of the error. */
export function faultText(error: unknown): string {
  if (error instanceof oidc.ResponseBodyError) return `${error.status} ${safe(error.error)}`;
  if (error instanceof oidc.AuthorizationResponseError) return safe(error.error);
  if (!(error instanceof Error)) return 'unknown';
  if (error.cause instanceof Error && !('code' in error)) return faultText(error.cause);
  return 'code' in error && typeof error.code === 'string' ? safe(error.code) : error.name;
}

function safe(text: string): string {
  return /^[A-Za-z0-9_.:-]{1,80}$/.test(text) ? text : 'unknown';
}

/** True if the provider did not answer, broke off, or says that it cannot answer now: what it was asked is open. */
export function isUnanswered(error: unknown): boolean {
  if (error instanceof oidc.ResponseBodyError || error instanceof Response) return error.status >= 500;
  if (!(error instanceof Error)) return false;
  const isOfNetwork = error instanceof UnansweredError || error instanceof TypeError;
  return isOfNetwork || ['TimeoutError', 'AbortError'].includes(error.name) || isUnanswered(error.cause);
}
