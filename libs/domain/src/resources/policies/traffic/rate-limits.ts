import * as z from 'zod';
import { list, oneOf, report, text, whole } from '../../schema/checked.js';
import { name } from '../../schema/metadata.js';
import { duration } from '../../schema/policy-fields.js';
import { isDnsName } from '../../text/domain-name.js';
import { durationMs } from '../../text/durations.js';
import { quote } from '../../text/quote.js';
import { HTTP_METHODS } from '../policy-words.js';
import { headerName } from './http-fields.js';
import { headersOfMatch, MANY, path } from './request-match.js';
import { waysOf } from '../../schema/variants.js';

const MOST = 1_000_000;
/** Every request is compared with each of them. */
const MAX_RULES = 64;
const MAX_ENTRIES = 8;

const match = z
  .strictObject({
    path: path.optional(),
    method: oneOf(HTTP_METHODS, 'Method of the request.').optional(),
    headers: headersOfMatch.optional(),
  })
  .superRefine((spec, context) => {
    if (Object.values(spec).every((part) => part === undefined))
      report(context, { code: 'ISM0858', message: 'the match names nothing, so it takes every request' });
  })
  .meta({ description: 'Requests for which everything in it holds.' });

const bucket = {
  requests: whole(1, MOST, 'Requests in each interval.'),
  interval: duration('The interval; default 1s.', { first: 1_000 }).optional(),
  burst: whole(1, MOST, 'Requests that may come at once after a pause; default as many as requests.').optional(),
};

type Bucket = { requests: number; interval?: string | undefined; burst?: number | undefined };

/** The interval of a bucket in milliseconds; undefined if it is no duration. */
const intervalOf = ({ interval = '1s' }: Bucket): number | undefined => durationMs(interval);

function checkBurst({ requests, burst = requests }: Bucket, context: z.core.$RefinementCtx): void {
  if (burst >= requests) return;
  const message = `a burst of ${burst} is less than the ${requests} requests of an interval`;
  report(context, { code: 'ISM0857', message }, ['burst']);
}

const localRule = z
  .strictObject({ name: name('Name of the rule, once in a policy.'), match, ...bucket })
  .superRefine(checkBurst)
  .meta({ description: 'A limit for some requests, beside the one for all.' });

type LocalRule = z.output<typeof localRule>;

/** Proxies count the time of every rule in intervals of the whole limit; some refuse the whole configuration otherwise. */
function checkIntervals(whole: Bucket, rules: readonly LocalRule[], context: z.core.$RefinementCtx): void {
  const unit = intervalOf(whole) ?? 1;
  for (const [index, rule] of rules.entries()) {
    if ((intervalOf(rule) ?? 0) % unit === 0) continue;
    const message = `the interval ${rule.interval ?? '1s'} is no multiple of ${whole.interval ?? '1s'}, that of the limit for all requests`;
    report(context, { code: 'ISM0856', message }, ['rules', index, 'interval']);
  }
}

function checkRules(rules: readonly LocalRule[], context: z.core.$RefinementCtx): void {
  if (rules.length > MAX_RULES) {
    report(context, { code: 'ISM0855', message: `${rules.length} rules; ${MAX_RULES} are allowed` }, ['rules']);
    return;
  }
  const names = rules.map((rule) => rule.name);
  for (const [index, one] of names.entries())
    if (names.indexOf(one) < index)
      report(context, { code: 'ISM0849', message: `rule ${one} is there twice` }, ['rules', index, 'name']);
}

/** What each proxy of a server lets through by itself. */
export const localRateLimit = z
  .strictObject({
    ...bucket,
    rules: list(localRule, { description: 'More limits, for some requests.', ...MANY }).optional(),
  })
  .superRefine((spec, context) => {
    checkBurst(spec, context);
    checkRules(spec.rules ?? [], context);
    checkIntervals(spec, (spec.rules ?? []).slice(0, MAX_RULES), context);
  })
  .meta({ description: 'How many requests each proxy of a server lets through; the rest is answered with 429.' });

const WORD = /^[A-Za-z0-9_.:/-]{1,128}$/;

const word = (description: string) =>
  text(
    (value) =>
      WORD.test(value)
        ? undefined
        : { code: 'ISM0859', message: `${quote(value)} is not 1 to 128 letters, digits, "_", ".", ":", "/" or "-"` },
    { description },
  );

const entry = z
  .strictObject({
    key: word('Key, as the configuration of the service has it.'),
    value: word('Value.').optional(),
    match: match.optional(),
    header: headerName('Header whose value is sent; requests without it skip the descriptor.').optional(),
  })
  .superRefine(({ value, match: only, header }, context) => {
    if ((value === undefined) === (header === undefined))
      report(context, { code: 'ISM0858', message: 'an entry has either a value or a header' });
    if (only !== undefined && value === undefined)
      report(context, { code: 'ISM0858', message: 'a match decides whether a value is sent, so it needs one' }, [
        'match',
      ]);
  })
  .meta({
    description: 'A key with a value: a fixed one, perhaps for some requests only, or that of a header.',
    ...waysOf([
      { title: 'A fixed value', has: ['value'], may: ['match'] },
      { title: 'The value of a header', has: ['header'] },
    ]),
  });

const descriptor = z
  .strictObject({ entries: list(entry, { description: 'All of these together.', ...MANY }) })
  .superRefine(({ entries }, context) => {
    if (entries.length > MAX_ENTRIES)
      report(context, { code: 'ISM0855', message: `${entries.length} entries; ${MAX_ENTRIES} are allowed` }, [
        'entries',
      ]);
  })
  .meta({ description: 'What the service is asked; it is not asked if an entry has nothing to say of a request.' });

const service = z
  .strictObject({
    host: text(
      (value) =>
        isDnsName(value) && value.includes('.')
          ? undefined
          : { code: 'ISM0859', message: `${quote(value)} is not a DNS name with a dot, as proxies know it` },
      {
        description:
          'Host that proxies of the servers know: <service>.<namespace>.svc.cluster.local for one in each cluster, or a host of a global namespace for one in all.',
        maxLength: 253,
        examples: ['ratelimit.infra.svc.cluster.local'],
      },
    ),
    port: whole(1, 65_535, 'Its port; it speaks gRPC.'),
  })
  .meta({ description: 'A service that answers envoy.service.ratelimit.v3.RateLimitService.' });

/** What a service that all proxies ask lets through. */
export const globalRateLimit = z
  .strictObject({
    service,
    domain: word('Domain in the configuration of the service.'),
    descriptors: list(descriptor, {
      description: 'The service is asked for each; a request that one of them refuses is answered with 429.',
      ...MANY,
    }),
    timeout: duration('How long a request waits for the service; default 100ms.', { last: 10_000 }).optional(),
    failureMode: oneOf(
      ['OPEN', 'CLOSED'],
      'What happens while the service does not answer. OPEN: requests go through. CLOSED: they are answered with 500.',
    ),
  })
  .superRefine(({ descriptors }, context) => {
    if (descriptors.length > MAX_RULES)
      report(context, { code: 'ISM0855', message: `${descriptors.length} descriptors; ${MAX_RULES} are allowed` }, [
        'descriptors',
      ]);
  })
  .meta({ description: 'How many requests a service that all proxies of servers ask lets through.' });

export type LocalRateLimitSpec = z.output<typeof localRateLimit>;
export type GlobalRateLimitSpec = z.output<typeof globalRateLimit>;
