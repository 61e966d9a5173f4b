import { fieldsOf, isFields, type Fields } from '../inventory/manifest-fields.js';
import type { KubeObject } from '../kube-object.js';
import { isDnsLabel } from '../resources/text/names.js';
import { describeValue } from '../resources/text/quote.js';

/** One object of a document: itself, or an item of a List with its path; or what is wrong with it. */
export type ManifestPart = { path: string; object: KubeObject } | { path: string; fault: string };

const TYPE = /^[A-Za-z0-9][A-Za-z0-9./-]{0,252}$/;
const NOT_IN_NAMES = /[\u0000-\u0020\u007f/\\%]/;

/** Lists inside of lists that are opened; deeper ones are faults. */
const MAX_LISTS = 4;

/** The Kubernetes objects of a document; a List (also a typed one, such as ServiceList) gives its items. */
export function manifestParts(value: unknown, path = '', lists = 0): ManifestPart[] {
  if (!isFields(value)) return [{ path, fault: `a manifest is a mapping, but this is ${describeValue(value)}` }];
  const { kind, apiVersion, items } = value;
  if (!isTypeName(kind))
    return [{ path: at(path, 'kind'), fault: `kind must name a type, but it is ${describeValue(kind)}` }];
  if (!isTypeName(apiVersion))
    return [
      {
        path: at(path, 'apiVersion'),
        fault: `apiVersion must be like v1 or apps/v1, but it is ${describeValue(apiVersion)}`,
      },
    ];
  if (!kind.endsWith('List') || !Array.isArray(items)) return [named(value, path)];
  if (lists >= MAX_LISTS) return [{ path, fault: 'lists of lists are nested too deeply' }];
  const defaults = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
  return items.flatMap((item: unknown, index) => {
    const typed = isFields(item) ? { ...defaults, ...item } : item;
    return manifestParts(typed, at(path, `items[${index}]`), lists + 1);
  });
}

const at = (path: string, field: string) => (path === '' ? field : `${path}.${field}`);

const isTypeName = (value: unknown): value is string => typeof value === 'string' && TYPE.test(value);

function named(value: Fields, path: string): ManifestPart {
  const { name, namespace } = fieldsOf(value['metadata']);
  const fault = (field: string, expected: string, found: unknown): ManifestPart => ({
    path: at(path, `metadata.${field}`),
    fault: `metadata.${field} must be ${expected}, but it is ${describeValue(found)}`,
  });
  if (typeof name !== 'string' || name === '' || name.length > 253 || NOT_IN_NAMES.test(name)) {
    return fault('name', 'a text of 1 to 253 characters without blanks, slashes, backslashes and %', name);
  }
  const isPlace = namespace === undefined || namespace === null || namespace === '';
  if (isPlace || (typeof namespace === 'string' && isDnsLabel(namespace))) {
    return { path, object: value as unknown as KubeObject };
  }
  return fault('namespace', 'a name of lower-case letters, digits and inner hyphens', namespace);
}
