import type { KubeObject, KubeObjectRef } from '@isthmus/domain';

/** A kind as the API serves it. */
export interface ResourceType {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** `Deployment` in `apps/v1`, served at `deployments`. */
export function resourceType(apiVersion: string, kind: string, plural: string): ResourceType {
  return { apiVersion, kind, plural, namespaced: kind !== 'Namespace' };
}

/** The path of a collection, or of one object in it. */
export function pathOf(
  type: ResourceType,
  place: { namespace?: string | undefined; name?: string | undefined } = {},
): string {
  const base = type.apiVersion.includes('/') ? `/apis/${type.apiVersion}` : `/api/${type.apiVersion}`;
  const scope =
    type.namespaced && place.namespace !== undefined ? `/namespaces/${encodeURIComponent(place.namespace)}` : '';
  const name = place.name === undefined ? '' : `/${encodeURIComponent(place.name)}`;
  return `${base}${scope}/${type.plural}${name}`;
}

/** `path?a=b`, leaving out what is undefined. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encodeURIComponent(String(value))}`],
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/** What names an object. */
export function refOfObject({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): KubeObjectRef {
  return namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, namespace, name };
}
