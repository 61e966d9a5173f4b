import * as z from 'zod';
import { list, oneOf, report, text } from '../schema/checked.js';
import { enforced, scopedTargets } from '../schema/policy-fields.js';
import { waysOf } from '../schema/variants.js';
import { checkJwks, checkJwksUri } from '../text/jwks.js';
import { checkExact, checkHeaderName } from '../text/requests.js';
import { claim } from './user-group.js';

const location = z
  .strictObject({
    header: text(checkHeaderName, { description: 'A header that holds the token.' }).optional(),
    prefix: text(
      (value) => (value.length <= 64 ? undefined : { code: 'ISM0883', message: 'the prefix is longer than 64' }),
      {
        description: 'What stands before the token in the header, for example "Bearer ".',
      },
    ).optional(),
    queryParameter: text(checkHeaderName, { description: 'A query parameter that holds the token.' }).optional(),
    cookie: text(checkHeaderName, { description: 'A cookie that holds the token.' }).optional(),
  })
  .superRefine(({ header, prefix, queryParameter, cookie }, context) => {
    const places = [header, queryParameter, cookie].filter((place) => place !== undefined);
    if (places.length !== 1 || (prefix !== undefined && header === undefined))
      report(context, {
        code: 'ISM0897',
        message: 'a location is one of header (with prefix), queryParameter, cookie',
      });
  })
  .meta({
    description: 'Where the token stands.',
    ...waysOf([
      { title: 'A header', has: ['header'], may: ['prefix'] },
      { title: 'A query parameter', has: ['queryParameter'] },
      { title: 'A cookie', has: ['cookie'] },
    ]),
  });

const issuer = z
  .strictObject({
    issuer: text(checkExact, { description: 'Issuer, exactly as in the claim iss.' }),
    jwksUri: text(checkJwksUri, {
      description: 'Where the mesh of each cluster fetches the public keys (JWKS).',
    }).optional(),
    jwks: text(checkJwks, { description: 'The public keys (JWKS) themselves, as JSON.' }).optional(),
    audiences: list(text(checkExact, { description: 'An audience.' }), {
      description: 'The token must be for one of these; left out: for anyone.',
      whenEmpty: 'ISM0020',
    }).optional(),
    locations: list(location, {
      description: 'Where tokens of this issuer stand; default the header Authorization with "Bearer ".',
      whenEmpty: 'ISM0020',
    }).optional(),
    forward: z.boolean().meta({ description: 'Whether the workload gets the token as well. Default true.' }).optional(),
  })
  .superRefine(({ jwksUri, jwks }, context) => {
    if ((jwksUri === undefined) === (jwks === undefined))
      report(context, { code: 'ISM0897', message: 'an issuer has either jwksUri or jwks' });
  })
  .meta({
    description: 'Whose tokens are taken.',
    ...waysOf([
      { title: 'Keys are fetched', has: ['jwksUri'] },
      { title: 'Keys are written here', has: ['jwks'] },
    ]),
  });

/** Spec of an AuthenticationPolicy. */
export const authenticationPolicySpec = z
  .strictObject({
    targets: scopedTargets,
    enforced,
    issuers: list(issuer, { description: 'Whose tokens are taken; others are refused.', whenEmpty: 'ISM0020' }),
    tokens: oneOf(
      ['REQUIRED', 'OPTIONAL'],
      'REQUIRED: requests without a valid token are refused. OPTIONAL: only invalid ones. Default REQUIRED.',
    ).optional(),
    claims: list(claim, { description: 'Claims that every token must have, ANDed.', whenEmpty: 'ISM0020' }).optional(),
  })
  .superRefine(({ issuers, tokens, claims }, context) => {
    if (tokens === 'OPTIONAL' && claims !== undefined)
      report(context, { code: 'ISM0897', message: 'claims need tokens: REQUIRED' }, ['claims']);
    const seen = new Set<string>();
    for (const [index, one] of issuers.entries()) {
      if (seen.has(one.issuer))
        report(context, { code: 'ISM0897', message: `issuer ${one.issuer} stands twice` }, [
          'issuers',
          index,
          'issuer',
        ]);
      seen.add(one.issuer);
    }
  })
  .meta({ description: 'Whose tokens (JWT) requests must carry.' });

export type AuthenticationPolicySpec = z.output<typeof authenticationPolicySpec>;
