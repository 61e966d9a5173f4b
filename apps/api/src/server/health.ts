import { timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { answerHealth, type HealthOptions } from '@isthmus/platform';
import { hashToken } from '../auth/api-token.js';

/** /healthz, /readyz, /metrics, /version; metrics only with the token if one is set. */
export function health(options: HealthOptions & { metricsToken?: string }): RequestHandler {
  const { metricsToken } = options;
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    if (
      request.path === '/metrics' &&
      metricsToken !== undefined &&
      !isBearer(request.headers.authorization, metricsToken)
    ) {
      return void response.status(401).setHeader('WWW-Authenticate', 'Bearer realm="metrics"').end();
    }
    answerHealth(request.path, options).then((answer) => {
      if (answer === undefined) return next();
      response.status(answer.status).setHeader('Cache-Control', 'no-store').type(answer.type).send(answer.body);
    }, next);
  };
}

/** Compares hashes, so that neither content nor length shows in the time. */
function isBearer(header: string | undefined, token: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(header ?? '')), Buffer.from(hashToken(`Bearer ${token}`)));
}
