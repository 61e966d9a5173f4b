import { GROUP_VERSION } from '@isthmus/domain';
import { stringify } from 'yaml';
import type { RemoteResource } from '../online/answers.js';

/** The resource as a document, with what the server set. */
export function documentOf(resource: RemoteResource): object {
  const { kind, name, projectName, labels, annotations, uid, generation, resourceVersion, spec, conditions } = resource;
  const metadata = {
    name,
    ...(projectName === undefined ? {} : { project: projectName }),
    ...mapOf('labels', labels),
    ...mapOf('annotations', annotations),
    uid,
    generation,
    resourceVersion,
  };
  return {
    apiVersion: GROUP_VERSION,
    kind,
    metadata,
    spec,
    ...(conditions.length === 0 ? {} : { status: { conditions } }),
  };
}

function mapOf(field: 'labels' | 'annotations', pairs: RemoteResource['labels']): object {
  return pairs.length === 0 ? {} : { [field]: Object.fromEntries(pairs.map(({ name, value }) => [name, value])) };
}

/** JSON of one resource or of a list, YAML documents that can be applied again, or `kind/name` lines. */
export function resourceText(
  resources: readonly RemoteResource[],
  format: 'json' | 'yaml' | 'name',
  { isSingle }: { isSingle: boolean },
): string {
  if (format === 'name') return resources.map(({ kind, name }) => `${kind.toLowerCase()}/${name}\n`).join('');
  const documents = resources.map(documentOf);
  if (format === 'yaml') return documents.map((one) => stringify(one, { lineWidth: 0 })).join('---\n');
  const value = isSingle ? documents[0] : { apiVersion: GROUP_VERSION, kind: 'List', items: documents };
  return `${JSON.stringify(value, null, 2)}\n`;
}
