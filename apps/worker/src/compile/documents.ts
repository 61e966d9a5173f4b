import { GROUP_VERSION, type Resource } from '@isthmus/domain';
import type { ResourceRecord } from '@isthmus/store';

type Named = Pick<ResourceRecord, 'kind' | 'project' | 'name' | 'labels' | 'annotations' | 'uid' | 'spec'>;

/** A stored resource as the document that compiles read. The store holds only specs that were validated. */
export function documentOf({ kind, project, name, labels, annotations, uid, spec }: Named): Resource {
  const metadata = { name, labels, annotations, uid, ...(project === '' ? {} : { project }) };
  return { apiVersion: GROUP_VERSION, kind, metadata, spec } as Resource;
}
