import type { ResourceRecord } from '@isthmus/store';
import { placesOfChange } from '../../auth/places.js';
import { readsEverything } from '../../auth/secrecy.js';
import { mayRead, type Viewer } from '../../auth/viewer.js';
import type { PreviewInput } from '../../preview/preview.js';

/**
 * What a viewer is shown of a change: what becomes of global namespaces that it may read. Clusters, their groups and what is said for the
 * whole organization decide about these too, whoever may read them.
 */
export function visibleTo(viewer: Viewer, input: PreviewInput): PreviewInput {
  if (readsEverything(viewer)) return input;
  const isPart = (record: ResourceRecord): boolean =>
    record.kind === 'Cluster' ||
    mayRead(viewer, record) ||
    placesOfChange(record).some(({ kind }) => kind === 'ORGANIZATION');
  return { ...input, before: input.before.filter(isPart), after: input.after.filter(isPart) };
}
