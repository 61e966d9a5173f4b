import type { RequestHandler } from 'express';
import type { Viewer } from '../auth/viewer.js';
import { refuse } from './answers.js';
import { viewerOf } from './authenticate.js';
import { requestIdOf } from './request-id.js';
import type { Count } from './shared-rates.js';

/** Operations a second. */
export interface RateLimits {
  organization: number;
  /** Of one token. */
  caller: number;
  /** Over this time rates are averaged, so that short bursts pass; default 10 s. */
  windowSeconds?: number;
}

export const DEFAULT_RATE_LIMITS: RateLimits = { organization: 500, caller: 200 };

const WINDOW_SECONDS = 10;

/** Whose limit was met, and how long until there is room. */
export type Turn = { ok: true } | { ok: false; of: 'organization' | 'caller'; retryAfterSeconds: number };

/** Counts the operations of each organization and each caller. */
export interface OperationRate {
  take(viewer: Pick<Viewer, 'org' | 'actor'>): Turn;
}

/** Undefined, or the milliseconds until there is room for one more. */
type Take = (count: Count) => number | undefined;

/** Over which time rates are averaged, in milliseconds. */
export function windowOf({ windowSeconds = WINDOW_SECONDS }: RateLimits): number {
  return windowSeconds * 1000;
}

/** Counts by what all processes share, or by what a spec gives. */
export function operationRate(limits: RateLimits, take: Take): OperationRate {
  const points = (perSecond: number): number => Math.round((perSecond * windowOf(limits)) / 1000);
  const [ofCaller, ofOrganization] = [points(limits.caller), points(limits.organization)];
  const refusal = (of: 'organization' | 'caller', ms: number): Turn => ({
    ...{ ok: false, of },
    retryAfterSeconds: Math.max(1, Math.ceil(ms / 1000)),
  });
  return {
    // The caller first: what one caller sends too much must not use up the share of its organization.
    take({ org, actor }) {
      const caller = take({ org, key: `caller ${actor}`, points: ofCaller });
      if (caller !== undefined) return refusal('caller', caller);
      const organization = take({ org, key: 'organization', points: ofOrganization });
      return organization === undefined ? { ok: true } : refusal('organization', organization);
    },
  };
}

/** What is said to whoever is over a limit. */
export function tooMany({ of, retryAfterSeconds }: Turn & { ok: false }): string {
  const whose = of === 'caller' ? 'this token' : 'this organization';
  return `Too many operations of ${whose}; there is room again in ${String(retryAfterSeconds)} s`;
}

/** Lets signed-in callers pass while there is room, and answers 429 with Retry-After otherwise, before the body is read. */
export function withinRate(rate: OperationRate): RequestHandler {
  return (request, response, next) => {
    const turn = rate.take(viewerOf(request));
    if (turn.ok) return next();
    response.setHeader('Retry-After', String(turn.retryAfterSeconds));
    refuse(response, 429, { code: 'RATE_LIMITED', message: tooMany(turn), requestId: requestIdOf(request) });
  };
}
