import {
  DEFAULT_PROJECT,
  encryptionPolicies,
  type EncryptionMode,
  type GlobalNamespace,
  type Policy,
} from '@isthmus/domain';
import type { ObjectSource } from '@isthmus/meshes';

/**
 * The policy whose mode of encryption holds in the global namespace, which trees do not name. With `mode`, the first that says it: between
 * a change and its compile there may be none.
 */
export function encryptionSource(
  policies: readonly Policy[],
  gns: GlobalNamespace,
  mode?: EncryptionMode,
): ObjectSource | undefined {
  const found = encryptionPolicies(policies, gns).find(({ spec }) => mode === undefined || spec.mode === mode);
  const project = gns.metadata.project ?? DEFAULT_PROJECT;
  return found && { kind: found.kind, project, name: found.metadata.name };
}
