import type { Finding, TextCheck } from './finding.js';
import { quote } from './quote.js';

const MAX_JWKS = 65_536;
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const fault = (message: string): Finding => ({ code: 'ISM0897', message });

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks a set of public keys: nothing private, nothing symmetric ever stands in a resource. */
export const checkJwks: TextCheck = (text) => {
  if (text.length > MAX_JWKS) return fault(`the keys have ${text.length} characters, ${MAX_JWKS} are allowed`);
  const value = parse(text);
  if (!isObject(value) || !Array.isArray(value['keys']) || value['keys'].length === 0)
    return fault('the keys are not JSON of the form {"keys": [...]} with at least one key');
  for (const key of value['keys'] as unknown[]) {
    if (!isObject(key) || typeof key['kty'] !== 'string') return fault('a key has no kty');
    if (PRIVATE.some((field) => Object.hasOwn(key, field))) return fault('a key is not public');
    if (!['RSA', 'EC', 'OKP'].includes(key['kty']))
      return fault(`a key is of type ${quote(key['kty'])}, not RSA, EC or OKP`);
  }
  return undefined;
};

const ADDRESS =
  /^https?:\/\/[A-Za-z0-9](?:[-A-Za-z0-9.]{0,252}[A-Za-z0-9])?(?::[0-9]{1,5})?(?:\/[\x21-\x7e]{0,2000})?$/;

/** Checks the address of a set of keys; one that may hold a password is not repeated. */
export const checkJwksUri: TextCheck = (text) => {
  if (ADDRESS.test(text)) return undefined;
  const what = text.includes('@') ? 'the address' : quote(text);
  return fault(`${what} is not an http or https address without credentials`);
};
