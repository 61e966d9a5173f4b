import * as z from 'zod';
import { list, oneOf, report, text } from '../../schema/checked.js';
import { duration } from '../../schema/policy-fields.js';
import { headerName, headerValue } from './http-fields.js';
import { checkRegex } from '../../text/regexes.js';
import { HTTP_METHODS } from '../policy-words.js';
import { waysOf } from '../../schema/variants.js';

const origin = z
  .strictObject({
    exact: headerValue('An origin such as https://shop.example.com, or * for any.').optional(),
    prefix: headerValue('Beginning of an origin.').optional(),
    regex: text(checkRegex, { description: 'RE2 expression that matches the whole origin.' }).optional(),
  })
  .superRefine((spec, context) => {
    if (Object.values(spec).filter((value) => value !== undefined).length !== 1)
      report(context, { code: 'ISM0854', message: 'an origin has one of exact, prefix and regex' });
  })
  .meta({
    description: 'An origin that may call.',
    ...waysOf([
      { title: 'As it is', has: ['exact'] },
      { title: 'By its beginning', has: ['prefix'] },
      { title: 'By an expression', has: ['regex'] },
    ]),
  });

/** Which origins browsers may let call. */
export const cors = z
  .strictObject({
    allowOrigins: list(origin, { description: 'Origins that may call.', whenEmpty: 'ISM0020' }),
    allowMethods: list(oneOf(HTTP_METHODS, 'A method.'), { description: 'Methods that they may use.' }).optional(),
    allowHeaders: list(headerName('A header.'), { description: 'Headers that they may send.' }).optional(),
    exposeHeaders: list(headerName('A header.'), { description: 'Headers that they may read.' }).optional(),
    maxAge: duration('How long a browser may remember the answer.', { first: 1_000 }).optional(),
    allowCredentials: z.boolean().meta({ description: 'Whether cookies may be sent along.' }).optional(),
  })
  .superRefine(({ allowOrigins, allowCredentials }, context) => {
    const any = allowOrigins.findIndex(({ exact }) => exact === '*');
    if (allowCredentials === true && any >= 0)
      report(context, { code: 'ISM0854', message: 'credentials and any origin exclude each other' }, [
        'allowOrigins',
        any,
      ]);
  })
  .meta({ description: 'Cross-origin requests of browsers, answered by the proxies of callers.' });

export type CorsSpec = z.output<typeof cors>;
