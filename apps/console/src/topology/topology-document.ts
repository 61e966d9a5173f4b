import { graphql, type ResultOf } from '../connection/graphql.js';

const CallParts = graphql(`
  fragment CallParts on TopologyEdge @_unmask {
    from
    to
    verdict
    rehearsal
    ports
    services
    policies {
      kind
      project
      name
    }
  }
`);

const TopologyParts = graphql(`
  fragment TopologyParts on Topology @_unmask {
    totalServices
    matchingServices
    namespaces
    serviceGroups
    services {
      id
      host
      name
      globalNamespace
      project
      encryption
      objective
      serviceGroups
      ports {
        number
        protocol
      }
      instances {
        cluster
        namespace
        service
        state
        versions
      }
    }
    groups {
      id
      name
      rest
      services
      breached
      unserved
      encryption {
        mode
        services
      }
    }
    clusters {
      name
      locality
      network
      services
      gateways {
        address
        port
      }
      freshness {
        state
        observedAt
      }
    }
    paths {
      to
      from
      gateways
      services
    }
  }
`);

const CallsOf = graphql(
  `
    fragment CallsOf on Topology @_unmask {
      edges(of: $of) @include(if: $hasOf) {
        ...CallParts
      }
    }
  `,
  [CallParts],
);

/**
 * Everything that the page shows, in one request, with the calls of what is selected when it is opened; or, if not the whole is asked
 * for, those calls alone, for a selection: the topology stays as it is.
 */
export const TopologyDocument = graphql(
  `
    query Topology(
      $kind: ResourceKind!
      $name: String!
      $project: String
      $filter: TopologyFilter
      $groupBy: TopologyGrouping
      $expand: [ID!]
      $whole: Boolean!
      $of: ID!
      $hasOf: Boolean!
    ) {
      resource(kind: $kind, name: $name, project: $project) {
        __typename
        id
        ... on GlobalNamespace {
          topology(filter: $filter, groupBy: $groupBy, expand: $expand) {
            ...TopologyParts @include(if: $whole)
            ...CallsOf
          }
        }
        ... on Cluster {
          here: topology(filter: $filter, groupBy: $groupBy, expand: $expand) {
            ...TopologyParts @include(if: $whole)
            ...CallsOf
          }
        }
      }
    }
  `,
  [CallsOf, TopologyParts],
);

/** What there is a topology of. */
export const TopologySubjects = graphql(`
  query TopologySubjects($first: Int!, $filter: ResourceFilter) {
    globalNamespaces: resources(kinds: [GlobalNamespace], first: $first, filter: $filter) {
      totalCount
      nodes {
        id
        name
        projectName
      }
    }
    clusters: resources(kinds: [Cluster], first: $first, filter: $filter) {
      totalCount
      nodes {
        id
        name
      }
    }
  }
`);

/** A topology with, where they were asked for, the calls of what was selected. */
export type ShownTopology = ResultOf<typeof TopologyParts> & ResultOf<typeof CallsOf>;
export type ShownService = ShownTopology['services'][number];
export type ShownGroup = ShownTopology['groups'][number];
export type ShownEdge = ResultOf<typeof CallParts>;
export type CallVerdict = ShownEdge['verdict'];
