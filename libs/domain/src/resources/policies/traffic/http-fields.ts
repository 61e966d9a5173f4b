import type * as z from 'zod';
import { text } from '../../schema/checked.js';
import { quote } from '../../text/quote.js';

const TOKEN = /^[A-Za-z0-9!#$&'*.^_`|~-]{1,128}$/;
const PRINTABLE = /^[\x20-\x7e\t]{0,4096}$/;
const PATH = /^\/[A-Za-z0-9/._~!$&'()*+,;=:@%-]{0,1023}$/;

/** A name of a header or cookie, of the characters that HTTP allows in tokens. */
export function headerName(description: string): z.ZodString {
  return text(
    (value) => (TOKEN.test(value) ? undefined : { code: 'ISM0846', message: `${quote(value)} is not a name of HTTP` }),
    { description },
  );
}

/** A value of a header: printable, on one line. */
export function headerValue(description: string): z.ZodString {
  return text(
    (value) =>
      PRINTABLE.test(value)
        ? undefined
        : { code: 'ISM0846', message: 'the value is not one line of at most 4096 printable ASCII characters' },
    { description },
  );
}

/** An absolute path without query. */
export function httpPath(description: string): z.ZodString {
  return text(
    (value) =>
      PATH.test(value) ? undefined : { code: 'ISM0846', message: `${quote(value)} is not an absolute path of a URL` },
    { description, examples: ['/v2'] },
  );
}
