import * as z from 'zod';
import { report, text, whole } from '../../schema/checked.js';
import { duration, percent } from '../../schema/policy-fields.js';
import { checkInstant } from '../../text/instants.js';
import { waysOf } from '../../schema/variants.js';

const SHARE = 'Share of the requests. Default 100.';

const delay = z
  .strictObject({
    duration: duration('How long a request is held back.', { last: 600_000 }),
    percent: percent(SHARE).optional(),
  })
  .meta({ description: 'Holds requests back in the client’s proxy.' });

const abort = z
  .strictObject({
    httpStatus: whole(200, 599, 'HTTP status of the answer.').optional(),
    grpcStatus: whole(1, 16, 'gRPC status of the answer.').optional(),
    percent: percent(SHARE).optional(),
  })
  .superRefine(({ httpStatus, grpcStatus }, context) => {
    if ((httpStatus === undefined) === (grpcStatus === undefined))
      report(context, { code: 'ISM0852', message: 'an abort has either an httpStatus or a grpcStatus' });
  })
  .meta({
    description: 'Answers requests in the client’s proxy; they are not sent, and not tried again.',
    ...waysOf([
      { title: 'An HTTP status', has: ['httpStatus'] },
      { title: 'A gRPC status', has: ['grpcStatus'] },
    ]),
  });

/** Faults that are made on purpose, to see what callers do. */
export const faults = z
  .strictObject({
    delay: delay.optional(),
    abort: abort.optional(),
    expiresAt: text(checkInstant, {
      description: 'The faults end at this instant, by the clock of each agent, whether or not it hears of anybody.',
      examples: ['2027-01-31T18:00:00Z'],
    }).optional(),
  })
  .superRefine((spec, context) => {
    if (spec.delay === undefined && spec.abort === undefined)
      report(context, { code: 'ISM0852', message: 'neither a delay nor an abort is given' });
  })
  .meta({
    description:
      'Faults made on purpose in the proxies of callers. They last until expiresAt, else until the policy is changed.',
  });

export type FaultsSpec = z.output<typeof faults>;
