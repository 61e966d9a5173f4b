import { resourceSearch, type ResourceSearch } from '../search-params.js';

/** Which rendered objects are shown, as it stands in the address. */
export interface RenderedSearch extends ResourceSearch {
  /** Of a global namespace: the cluster; of a cluster: the global namespace, as `project/name`. */
  of?: string;
  kind?: string;
  place?: string;
  find?: string;
  after?: string;
}

const FIELDS = ['of', 'kind', 'place', 'find', 'after'] as const;

/** Reads what an address says of rendered objects; what cannot be meant is left out. */
export function renderedSearch(raw: Record<string, unknown>): RenderedSearch {
  const texts = FIELDS.flatMap((name): [string, string][] => {
    const value = raw[name];
    return typeof value === 'string' && value !== '' && value.length <= 2000 ? [[name, value]] : [];
  });
  return { ...resourceSearch(raw), ...Object.fromEntries(texts) };
}
