import { graphql, type ResultOf, type VariablesOf } from '../connection/graphql.js';
import { IssueParts } from '../issues/issue-parts.js';
import type { RenderedSearch } from './rendered-search.js';

const RenderedParts = graphql(
  `
    fragment RenderedParts on MeshConfiguration @_unmask {
      inventoryKnown
      omittedNamespaces
      namespaces
      kinds {
        kind
        count
      }
      issues {
        ...IssueParts
      }
      objects(first: 20, after: $after, filter: $objects) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          apiVersion
          kind
          namespace
          name
          side
          host
          yaml
          globalNamespace {
            project
            name
          }
          sources {
            kind
            project
            name
          }
        }
      }
    }
  `,
  [IssueParts],
);

/** What is rendered in a cluster, of all global namespaces or one. */
export const RenderedInCluster = graphql(
  `
    fragment RenderedInCluster on Cluster @_unmask {
      meshConfiguration(globalNamespace: $of, project: $ofProject) {
        ...RenderedParts
      }
    }
  `,
  [RenderedParts],
);

/** What is rendered of a global namespace in one of its clusters: the first by name, if none is named. */
export const RenderedOfNamespace = graphql(
  `
    fragment RenderedOfNamespace on GlobalNamespace @_unmask {
      target(cluster: $of) {
        id
        clusterName
        meshConfiguration {
          ...RenderedParts
        }
      }
    }
  `,
  [RenderedParts],
);

/** The same alone, for what is chosen on a page that is open. */
export const RenderedDocument = graphql(
  `
    query Rendered(
      $kind: ResourceKind!
      $name: String!
      $project: String
      $of: String
      $ofProject: String
      $after: String
      $objects: MeshObjectFilter
    ) {
      resource(kind: $kind, name: $name, project: $project) {
        __typename
        id
        ... on Cluster {
          ...RenderedInCluster
        }
        ... on GlobalNamespace {
          ...RenderedOfNamespace
        }
      }
    }
  `,
  [RenderedInCluster, RenderedOfNamespace],
);

export type Configuration = ResultOf<typeof RenderedParts>;

/** Which rendered objects are asked for, whoever's they are. */
export type RenderedQuestion = Omit<VariablesOf<typeof RenderedDocument>, 'kind' | 'name' | 'project'>;

/** The global namespace of an address, as `project/name`. */
function namespaceIn(of: string | undefined): Pick<RenderedQuestion, 'of' | 'ofProject'> {
  const [, ofProject, name] = /^([^/]*)\/(.+)$/.exec(of ?? '') ?? [];
  return { of: name ?? null, ofProject: ofProject ?? null };
}

/** What an address asks for. */
export function questionOf(kind: string, { of, after, kind: ofKind, place, find }: RenderedSearch): RenderedQuestion {
  return {
    ...(kind === 'Cluster' ? namespaceIn(of) : { of: of ?? null, ofProject: null }),
    after: after ?? null,
    objects: { kind: ofKind ?? null, namespace: place ?? null, search: find ?? null },
  };
}
