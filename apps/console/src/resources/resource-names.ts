import { useQuery } from '@apollo/client/react';
import { graphql } from '../connection/graphql.js';
import { furtherNodes, type FoundOptions } from '../shell/search-list.js';
import { KINDS, type ResourceKind } from './kinds.js';

/** Resources of a kind by name. */
export const ResourceNames = graphql(`
  query ResourceNames($kind: ResourceKind!, $filter: ResourceFilter!, $after: String) {
    resources(first: 100, kinds: [$kind], filter: $filter, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        name
        projectName
      }
    }
  }
`);

/** What a text looks for: a name, or `project/name`. */
function filterOf(text: string, project: string): { search: string; project?: string } {
  const slash = text.indexOf('/');
  if (slash > 0) return { project: text.slice(0, slash), search: text.slice(slash + 1) };
  return { search: text, ...(project === '' ? {} : { project }) };
}

/** A hook that finds resources of a kind, those of a project alone if one is given; of a kind in projects as `project/name`. */
export function resourceOptions(kind: ResourceKind, project = ''): (text: string, isWanted: boolean) => FoundOptions {
  const { inProject } = KINDS[kind];
  return function useResourceOptions(text, isWanted) {
    const filter = inProject ? filterOf(text, project) : { search: text };
    const { data, error, refetch, fetchMore } = useQuery(ResourceNames, {
      variables: { kind, filter },
      skip: !isWanted,
    });
    const { nodes, pageInfo } = data?.resources ?? {};
    const next = (): unknown =>
      fetchMore({
        variables: { after: pageInfo?.endCursor ?? null },
        updateQuery: ({ resources }, { fetchMoreResult }) => ({
          resources: furtherNodes(resources, fetchMoreResult.resources),
        }),
      });
    return {
      options: nodes?.map(({ name, projectName }) => {
        const id = inProject ? `${projectName ?? ''}/${name}` : name;
        return { id, text: id };
      }),
      isMore: pageInfo?.hasNextPage === true,
      more: () => void next(),
      error,
      again: () => void refetch(),
    };
  };
}
