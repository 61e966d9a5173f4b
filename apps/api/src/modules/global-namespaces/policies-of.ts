import { concerns, isPolicyKind, type Policy } from '@isthmus/domain';
import type { ResourceRecord } from '@isthmus/store';
import { resourceOf } from '../resources/resource-document.js';

/** The policies that can be part of what a global namespace compiles to. */
export function policiesOf(gns: ResourceRecord, policies: readonly ResourceRecord[]): ResourceRecord[] {
  const { name, project } = gns;
  return policies.filter(
    (record) => isPolicyKind(record.kind) && concerns(resourceOf(record) as Policy, { metadata: { name, project } }),
  );
}
