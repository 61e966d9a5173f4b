import { useQuery } from '@apollo/client/react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import type { ShownCluster, ShownGlobalNamespace } from '../resources/resource-document.js';
import { furtherNodes, type FoundOptions } from '../shell/search-list.js';

/** Clusters of a global namespace, or global namespaces of a cluster, by a part of the name. */
const RenderedPlaces = graphql(`
  query RenderedPlaces($kind: ResourceKind!, $name: String!, $project: String, $search: String!, $after: String) {
    resource(kind: $kind, name: $name, project: $project) {
      __typename
      id
      ... on Cluster {
        targets(first: 100, search: $search, after: $after) {
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            id
            globalNamespace {
              name
              projectName
            }
          }
        }
      }
      ... on GlobalNamespace {
        targets(first: 100, search: $search, after: $after) {
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            id
            clusterName
          }
        }
      }
    }
  }
`);

type Found = NonNullable<ResultOf<typeof RenderedPlaces>['resource']>;
type Places = Extract<Found, { __typename: 'Cluster' | 'GlobalNamespace' }>;

const placesIn = (found: Found | null | undefined): Places | undefined =>
  found?.__typename === 'Cluster' || found?.__typename === 'GlobalNamespace' ? found : undefined;

function namesIn(found: Places): string[] {
  if (found.__typename === 'GlobalNamespace')
    return found.targets.nodes.flatMap(({ clusterName }) => clusterName ?? []);
  const all = found.targets.nodes.flatMap(({ globalNamespace }) => globalNamespace ?? []);
  return all.map(({ name, projectName }) => `${projectName ?? ''}/${name}`);
}

/** The places known so far with those that follow. */
function joined(known: Places, next: Places | undefined): Places {
  if (known.__typename === 'Cluster' && next?.__typename === 'Cluster')
    return { ...next, targets: furtherNodes(known.targets, next.targets) };
  if (known.__typename === 'GlobalNamespace' && next?.__typename === 'GlobalNamespace')
    return { ...next, targets: furtherNodes(known.targets, next.targets) };
  return known;
}

/** A hook that finds where rendered objects can be looked at besides. */
export function placeOptions({
  kind,
  name,
  projectName,
}: Pick<ShownCluster | ShownGlobalNamespace, 'kind' | 'name' | 'projectName'>): (
  text: string,
  isWanted: boolean,
) => FoundOptions {
  return function usePlaceOptions(search, isWanted) {
    const variables = { kind, name, project: projectName ?? null, search };
    const { data, error, refetch, fetchMore } = useQuery(RenderedPlaces, { variables, skip: !isWanted });
    const found = placesIn(data?.resource);
    const isGone = data !== undefined && found === undefined;
    const next = (): unknown =>
      fetchMore({
        variables: { after: found?.targets.pageInfo.endCursor ?? null },
        updateQuery: ({ resource }, { fetchMoreResult }) => {
          const known = placesIn(resource);
          return { resource: known === undefined ? resource : joined(known, placesIn(fetchMoreResult.resource)) };
        },
      });
    return {
      options: isGone ? [] : found && namesIn(found).map((one) => ({ id: one, text: one })),
      isMore: found?.targets.pageInfo.hasNextPage === true,
      more: () => void next(),
      error,
      again: () => void refetch(),
    };
  };
}
