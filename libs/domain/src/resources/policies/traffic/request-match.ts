import * as z from 'zod';
import { list, oneOf, report } from '../../schema/checked.js';
import { quote } from '../../text/quote.js';
import { checkRegex } from '../../text/regexes.js';
import { headerName, headerValue, httpPath } from './http-fields.js';

/** A list that says nothing when it is empty. */
export const MANY = { whenEmpty: 'ISM0020' } as const;

const VALUE_TYPES = ['EXACT', 'REGEX'] as const;

/** The value of something that has a name: a header or a query parameter. */
export function valueMatch(description: string) {
  return z
    .strictObject({
      name: headerName('Name.'),
      type: oneOf(VALUE_TYPES, 'Default EXACT.').optional(),
      value: headerValue('Value, or an RE2 expression that matches the whole of it.'),
    })
    .superRefine(regexOf)
    .meta({ description });
}

/** The value of a match of type REGEX is an expression. */
function regexOf({ type, value }: { type?: string | undefined; value: string }, context: z.core.$RefinementCtx): void {
  const finding = type === 'REGEX' ? checkRegex(value) : undefined;
  if (finding !== undefined) report(context, finding, ['value']);
}

/** The path of a request. */
export const path = z
  .strictObject({
    type: oneOf(['EXACT', 'PREFIX', 'REGEX'], 'PREFIX matches whole segments: /v2 takes /v2 and /v2/x, not /v2x.'),
    value: headerValue('The path, without query.'),
  })
  .superRefine((spec, context) => {
    regexOf(spec, context);
    const finding = spec.type === 'REGEX' ? undefined : pathFinding(spec.value);
    if (finding !== undefined) report(context, { code: 'ISM0846', message: finding }, ['value']);
  })
  .meta({ description: 'Path of the request.' });

function pathFinding(value: string): string | undefined {
  return httpPath('').safeParse(value).success ? undefined : `${quote(value)} is not an absolute path of a URL`;
}

/** Headers that a request must have. */
export const headersOfMatch = list(valueMatch('A header.'), { description: 'All of these headers.', ...MANY });
