import { API_GROUP } from '@isthmus/domain';

const OTHER_REGION = `${API_GROUP}/other-region`;
const OTHER_CLUSTER = `${API_GROUP}/other-cluster`;

/**
 * Order of failover. An endpoint that lacks a label, as clients do, matches it: local pods lack both and come first,
 * whatever zone a node is in; gateways of clusters in the same region lack the first and come second; the rest comes last.
 */
export const FAILOVER_PRIORITY: readonly string[] = [OTHER_REGION, OTHER_CLUSTER];

function regionOf(locality: string | undefined): string | undefined {
  return locality?.split('/')[0];
}

/** Labels of a remote gateway endpoint that say how far its cluster is; an unknown region counts as another one. */
export function distanceLabels(here: string | undefined, there: string | undefined): Record<string, string> {
  const region = regionOf(here);
  const near = region !== undefined && region === regionOf(there);
  return near ? { [OTHER_CLUSTER]: 'true' } : { [OTHER_CLUSTER]: 'true', [OTHER_REGION]: 'true' };
}
