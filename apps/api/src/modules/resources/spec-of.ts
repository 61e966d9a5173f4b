import type { Resource, ResourceKind } from '@isthmus/domain';
import type { ResourceRecord } from '@isthmus/store';

type SpecOf<K extends ResourceKind> = Extract<Resource, { kind: K }>['spec'];

/** The spec of a record that is known to be of a kind; a record of another kind is a bug of the caller. */
export function specOf<K extends ResourceKind>(kind: K, record: ResourceRecord): SpecOf<K> {
  if (record.kind !== kind) throw new Error(`expected a ${kind}, got a ${record.kind}`);
  return record.spec as SpecOf<K>;
}
