import type { RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Viewer } from '../auth/viewer.js';
import { refuse } from './answers.js';
import { viewerOf } from './authenticate.js';
import { requestIdOf } from './request-id.js';

/** Operations a second in one process of the API. */
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
  take(viewer: Viewer): Promise<Turn>;
}

/** In memory: several processes behind one balancer let through that many times more. */
export function operationRate(limits: RateLimits): OperationRate {
  const duration = limits.windowSeconds ?? WINDOW_SECONDS;
  const counter = (perSecond: number): RateLimiterMemory =>
    new RateLimiterMemory({ points: Math.round(perSecond * duration), duration });
  const [organizations, callers] = [counter(limits.organization), counter(limits.caller)];
  return {
    // The caller first: what one caller sends too much must not use up the share of its organization.
    async take({ org, actor }) {
      const caller = await consume(callers, JSON.stringify([org, actor]));
      if (caller !== undefined) return { ok: false, of: 'caller', retryAfterSeconds: caller };
      const organization = await consume(organizations, org);
      if (organization !== undefined) return { ok: false, of: 'organization', retryAfterSeconds: organization };
      return { ok: true };
    },
  };
}

/** Undefined, or the whole seconds until there is room again. */
async function consume(counter: RateLimiterMemory, key: string): Promise<number | undefined> {
  try {
    await counter.consume(key);
    return undefined;
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
  }
}

/** What is said to whoever is over a limit. */
export function tooMany({ of, retryAfterSeconds }: Turn & { ok: false }): string {
  const whose = of === 'caller' ? 'this token' : 'this organization';
  return `Too many operations of ${whose}; there is room again in ${String(retryAfterSeconds)} s`;
}

/** Lets signed-in callers pass while there is room, and answers 429 with Retry-After otherwise, before the body is read. */
export function withinRate(rate: OperationRate): RequestHandler {
  return (request, response, next) => {
    rate.take(viewerOf(request)).then((turn) => {
      if (turn.ok) return next();
      response.setHeader('Retry-After', String(turn.retryAfterSeconds));
      refuse(response, 429, { code: 'RATE_LIMITED', message: tooMany(turn), requestId: requestIdOf(request) });
    }, next);
  };
}
