import type { EncryptionPolicySpec, SloPolicySpec } from '@isthmus/domain';
import type { ResourceRecord } from '@isthmus/store';

/** The policies that target a global namespace: those of its own project that name it. */
export function policiesOf(gns: ResourceRecord, policies: readonly ResourceRecord[]): ResourceRecord[] {
  return policies.filter(({ project, spec }) => {
    const { targets } = spec as EncryptionPolicySpec | SloPolicySpec;
    return project === gns.project && targets.some(({ globalNamespace }) => globalNamespace === gns.name);
  });
}
