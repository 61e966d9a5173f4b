import { faultOf } from '@isthmus/store';
import { DATABASE_AWAY } from '../graphql/errors.js';

/** What a request is answered that failed before its operation ran, as while it was authenticated. */
export function faultAnswer(error: unknown, requestId: string) {
  if (faultOf(error) === 'connection')
    return { status: 503, retryAfter: '1', body: { code: 'UNAVAILABLE', message: DATABASE_AWAY, requestId } };
  const message = `Something went wrong on the server. Request id: ${requestId}`;
  return { status: 500, retryAfter: undefined, body: { code: 'INTERNAL', message, requestId } };
}
