import type { Canonical } from '../tree/types.js';

/** Intent bodies are plain data; their interfaces only lack the index signature that `Canonical` has. */
export function canonicalBody(body: object): Canonical {
  return body as Canonical;
}
