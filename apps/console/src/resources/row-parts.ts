import { graphql, type ResultOf } from '../connection/graphql.js';
import { IssueParts } from '../issues/issue-parts.js';
import { ActorParts } from '../status/actor-name.js';

/** Generations of a resource. */
export const HistoryRows = graphql(
  `
    fragment HistoryRows on ResourceGenerationConnection @_unmask {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        generation
        by {
          ...ActorParts
        }
        at
        deleted
        resourceVersion
      }
    }
  `,
  [ActorParts],
);

/** Services of a global namespace and where they run. */
export const ServiceRows = graphql(`
  fragment ServiceRows on GlobalServiceConnection @_unmask {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      name
      host
      vip
      servedMembers
      ports {
        name
        number
        protocol
      }
      members(first: 10) {
        nodes {
          clusterName
          namespace
          service
        }
      }
    }
  }
`);

/** What is wanted of clusters, and applied. */
export const TargetRows = graphql(`
  fragment TargetRows on TargetConnection @_unmask {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      status
      clusterName
      cluster {
        name
      }
      globalNamespace {
        name
        projectName
      }
      wanted {
        revision
      }
      applied {
        revision
        appliedAt
        objectCount
      }
    }
  }
`);

/** Namespaces that an agent found in its cluster. */
export const NamespaceRows = graphql(`
  fragment NamespaceRows on InventoryNamespaceConnection @_unmask {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      name
      readable
      observedAt
      services {
        name
      }
    }
  }
`);

/** How far a cluster has come, from its token to the first configuration in place. */
export const OnboardingParts = graphql(
  `
    fragment OnboardingParts on Cluster @_unmask {
      viewerCanOnboard
      onboarding {
        ready
        steps {
          step
          state
          message
          observedAt
          lastError {
            ...IssueParts
          }
        }
      }
    }
  `,
  [IssueParts],
);

/** Revisions of a global namespace, the newest first. */
export const RevisionRows = graphql(`
  fragment RevisionRows on RevisionConnection @_unmask {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      number
      createdAt
    }
  }
`);

export type RevisionRow = ResultOf<typeof RevisionRows>['nodes'][number];
export type ServiceRow = ResultOf<typeof ServiceRows>['nodes'][number];
export type TargetRow = ResultOf<typeof TargetRows>['nodes'][number];
export type NamespaceRow = ResultOf<typeof NamespaceRows>['nodes'][number];
export type HistoryRow = ResultOf<typeof HistoryRows>['nodes'][number];
