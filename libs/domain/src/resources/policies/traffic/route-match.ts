import type { RouteMatch } from '../../../intent/features/routes.js';
import { byCodeUnit } from '../../../tree/canonical.js';
import type { RouteMatchSpec } from './routes.js';

type ValueSpec = NonNullable<RouteMatchSpec['headers']>[number];

const setOf = (values: readonly string[] | undefined): string[] | undefined =>
  values && [...new Set(values)].sort(byCodeUnit);

function valuesOf(values: readonly ValueSpec[] | undefined, fold: (name: string) => string): RouteMatch['headers'] {
  return values
    ?.map(({ name, type = 'EXACT', value }) => ({ name: fold(name), type, value }))
    .sort((a, b) => byCodeUnit(a.name, b.name));
}

/** A match as intent: names of headers in lower case, sets sorted. */
export function matchFeature({ path, method, headers, queryParams, ...sources }: RouteMatchSpec): RouteMatch {
  return {
    path,
    method,
    headers: valuesOf(headers, (name) => name.toLowerCase()),
    queryParams: valuesOf(queryParams, (name) => name),
    sourceNamespaces: setOf(sources.sourceNamespaces),
    sourceClusters: setOf(sources.sourceClusters),
  };
}
