import type { EncryptionMode } from '../resources/types.js';

const STRICTNESS: Record<EncryptionMode, number> = { DISABLE: 0, PERMISSIVE: 1, STRICT: 2 };

/** Order from weak to strict: negative if `a` is weaker than `b`. */
export function byStrictness(a: EncryptionMode, b: EncryptionMode): number {
  return STRICTNESS[a] - STRICTNESS[b];
}
