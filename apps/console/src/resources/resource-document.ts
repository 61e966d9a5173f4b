import { graphql, type ResultOf } from '../connection/graphql.js';
import { IssueParts } from '../issues/issue-parts.js';
import { RenderedInCluster, RenderedOfNamespace } from '../rendered/rendered-document.js';
import { HistoryRows, NamespaceRows, OnboardingParts, RevisionRows, ServiceRows, TargetRows } from './row-parts.js';

/** Everything that the page of a resource shows, in one request; with rendered objects when it is opened with them. */
export const ResourceDocument = graphql(
  `
    query Resource(
      $kind: ResourceKind!
      $name: String!
      $project: String
      $issueKind: String!
      $rendered: Boolean!
      $of: String
      $ofProject: String
      $after: String
      $objects: MeshObjectFilter
    ) {
      resource(kind: $kind, name: $name, project: $project) {
        __typename
        id
        kind
        name
        projectName
        generation
        resourceVersion
        createdAt
        updatedAt
        yaml
        viewerCanUpdate
        viewerCanDelete
        labels {
          name
          value
        }
        history(first: 20) {
          ...HistoryRows
        }
        ... on Cluster {
          conditions {
            type
            status
            reason
            message
            observedAt
          }
          mesh {
            kind
            mode
            version
          }
          locality
          network
          trustDomain
          ...OnboardingParts
          agent {
            connected
            version
            lastSeenAt
            lastError
            address
          }
          inventory {
            complete
            observedAt
            namespaces(first: 50) {
              ...NamespaceRows
            }
          }
          targets(first: 50) {
            ...TargetRows
          }
          ...RenderedInCluster @include(if: $rendered)
        }
        ... on GlobalNamespace {
          conditions {
            type
            status
            reason
            message
            observedAt
          }
          domain
          vipCIDR
          services(first: 50) {
            ...ServiceRows
          }
          policies {
            id
            kind
            name
            projectName
          }
          targets(first: 50) {
            ...TargetRows
          }
          revisions(first: 50) {
            ...RevisionRows
          }
          slos {
            service
            objective
            attainment
            errorBudgetRemaining
            status
            observedAt
            policy {
              name
            }
          }
          ...RenderedOfNamespace @include(if: $rendered)
        }
      }
      issues(first: 50, filter: { kind: $issueKind, name: $name }) {
        nodes {
          ...IssueParts
        }
      }
    }
  `,
  [
    HistoryRows,
    IssueParts,
    NamespaceRows,
    OnboardingParts,
    RenderedInCluster,
    RenderedOfNamespace,
    RevisionRows,
    ServiceRows,
    TargetRows,
  ],
);

type Found = NonNullable<ResultOf<typeof ResourceDocument>['resource']>;
export type ShownResource = Found;
export type ShownCluster = Extract<Found, { __typename: 'Cluster' }>;
export type ShownGlobalNamespace = Extract<Found, { __typename: 'GlobalNamespace' }>;
