import { GROUP_VERSION, isProjectScoped, type Resource } from '@isthmus/domain';
import type { ResourceRecord } from '@isthmus/store';
import { stringify } from 'yaml';

/** A stored resource as the document that could be applied again. */
export function resourceOf(record: ResourceRecord): Resource {
  const { kind, name, project, labels, annotations, uid, generation, resourceVersion } = record;
  const metadata = {
    name,
    ...(isProjectScoped(kind) ? { project } : {}),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    uid,
    generation,
    resourceVersion,
  };
  return { apiVersion: GROUP_VERSION, kind, metadata, spec: record.spec } as Resource;
}

/** YAML that can be applied again, without what the server sets: fit for Git. */
export function yamlOf(record: ResourceRecord): string {
  const { metadata, ...rest } = resourceOf(record);
  const { uid: _uid, generation: _generation, resourceVersion: _version, ...written } = metadata;
  return stringify({ apiVersion: rest.apiVersion, kind: rest.kind, metadata: written, spec: rest.spec });
}
