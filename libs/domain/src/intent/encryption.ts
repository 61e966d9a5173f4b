import type { EncryptionMode } from '../resources/types.js';

/** The mode of a global namespace without a policy: servers accept both, so joining a mesh breaks nobody. */
export const DEFAULT_ENCRYPTION_MODE: EncryptionMode = 'PERMISSIVE';

const STRICTNESS: Record<EncryptionMode, number> = { DISABLE: 0, PERMISSIVE: 1, STRICT: 2 };

/** Order from weak to strict: negative if `a` is weaker than `b`. */
export function byStrictness(a: EncryptionMode, b: EncryptionMode): number {
  return STRICTNESS[a] - STRICTNESS[b];
}
