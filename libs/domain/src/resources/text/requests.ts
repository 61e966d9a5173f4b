import type { Finding, TextCheck } from './finding.js';
import { quote } from './quote.js';

const METHOD = /^[A-Z][A-Z0-9-]{0,31}$/;
const HEADER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const PATH_CHARACTERS = /^[!$%&'()*+,\-./0-9:;=@A-Z_a-z~]+$/;
const MAX_TEXT = 2048;

const fault = (code: Finding['code'], message: string, hint?: string): Finding => ({
  code,
  message,
  ...(hint && { hint }),
});

/** Checks an HTTP method. */
export const checkMethod: TextCheck = (text) => {
  if (METHOD.test(text)) return undefined;
  const upper = text.toUpperCase();
  const hint = METHOD.test(upper) ? `write ${upper}` : undefined;
  return fault('ISM0881', `${quote(text)} is not an HTTP method in capitals`, hint);
};

function isStarInside(text: string): boolean {
  const inner = text.replace(/^\*/, '').replace(/\*$/, '');
  const both = text.length > 1 && text.startsWith('*') && text.endsWith('*');
  return inner.includes('*') || both;
}

/** Checks a path of requests: exact, with a * at its end, or with one at its start; no regular expression, no query. */
export const checkPath: TextCheck = (text) => {
  const say = (message: string, hint?: string) => fault('ISM0882', `${quote(text)} ${message}`, hint);
  if (!/^[/*]/.test(text)) return say('does not start with / or *');
  if (text.length > MAX_TEXT) return say(`has ${text.length} characters, ${MAX_TEXT} are allowed`);
  if (/[?#]/.test(text)) return say('holds a query or fragment, which is not part of the path');
  if (!PATH_CHARACTERS.test(text))
    return say('holds a character that no path has', 'regular expressions are not understood');
  if (isStarInside(text))
    return say('has a * elsewhere than at its start or its end', 'one * stands for any characters');
  if (text.split('/').some((part) => part === '.' || part === '..'))
    return say('holds . or .., which proxies resolve before they compare');
  return undefined;
};

/** Checks the name of a header. */
export const checkHeaderName: TextCheck = (text) =>
  HEADER.test(text) ? undefined : fault('ISM0883', `${quote(text)} is not the name of a header`);

/** Checks a value of a header or claim: exact, or with one * at its start or its end. */
export const checkPattern: TextCheck = (text) => {
  if (text === '') return fault('ISM0883', 'the value is empty');
  if (text.length > MAX_TEXT)
    return fault('ISM0883', `the value has ${text.length} characters, ${MAX_TEXT} are allowed`);
  return isStarInside(text)
    ? fault('ISM0883', `${quote(text)} has a * elsewhere than at its start or its end`)
    : undefined;
};

/** Checks one step of the path to a claim. */
export const checkClaimName: TextCheck = (text) =>
  text !== '' && text.length <= 255 && !/[[\]\s]/.test(text)
    ? undefined
    : fault('ISM0883', `${quote(text)} is not the name of a claim`);

/** Checks a text that is compared as it is: an issuer, a subject, an audience. */
export const checkExact: TextCheck = (text) =>
  text !== '' && text.length <= MAX_TEXT && !/[*\s]/.test(text)
    ? undefined
    : fault('ISM0883', `${quote(text)} is empty, too long, or holds a * or blanks`);
