import * as z from 'zod';
import { list, oneOf, whole } from '../../schema/checked.js';
import { duration } from '../../schema/policy-fields.js';
import { RETRY_CONDITIONS } from '../policy-words.js';

/** Retries of a service, a port or one rule. */
export const retry = z
  .strictObject({
    attempts: whole(0, 100, 'How often a request is sent again; 0: never.'),
    perTryTimeout: duration('Longest time for one try.').optional(),
    conditions: list(oneOf(RETRY_CONDITIONS, 'A condition.'), {
      description:
        'When to try again; default GATEWAY_ERROR, CONNECT_FAILURE, REFUSED_STREAM, RESET (for gRPC also GRPC_UNAVAILABLE).',
      whenEmpty: 'ISM0020',
    }).optional(),
    statusCodes: list(whole(400, 599, 'An HTTP status.'), {
      description: 'Also try again after these HTTP statuses.',
    }).optional(),
    backoff: duration('Time before the first repetition; it doubles. Default 25ms.', { last: 60_000 }).optional(),
  })
  .meta({ description: 'Retries of clients.' });

export type RetrySpec = z.output<typeof retry>;
