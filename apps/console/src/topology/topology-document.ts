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

const TopologyParts = graphql(
  `
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
      edges(of: $of) @include(if: $hasOf) {
        ...CallParts
      }
    }
  `,
  [CallParts],
);

/** Everything that the page shows, in one request; with the calls of what is selected when it is opened. */
export const TopologyDocument = graphql(
  `
    query Topology(
      $kind: ResourceKind!
      $name: String!
      $project: String
      $filter: TopologyFilter
      $groupBy: TopologyGrouping
      $expand: [ID!]
      $of: ID!
      $hasOf: Boolean!
    ) {
      resource(kind: $kind, name: $name, project: $project) {
        __typename
        id
        ... on GlobalNamespace {
          topology(filter: $filter, groupBy: $groupBy, expand: $expand) {
            ...TopologyParts
          }
        }
        ... on Cluster {
          here: topology(filter: $filter, groupBy: $groupBy, expand: $expand) {
            ...TopologyParts
          }
        }
      }
    }
  `,
  [TopologyParts],
);

/** Calls of one service alone, for a selection: the topology stays as it is. */
export const CallsDocument = graphql(
  `
    query TopologyCalls(
      $kind: ResourceKind!
      $name: String!
      $project: String
      $filter: TopologyFilter
      $groupBy: TopologyGrouping
      $expand: [ID!]
      $of: ID!
    ) {
      resource(kind: $kind, name: $name, project: $project) {
        __typename
        id
        ... on GlobalNamespace {
          topology(filter: $filter, groupBy: $groupBy, expand: $expand) {
            edges(of: $of) {
              ...CallParts
            }
          }
        }
        ... on Cluster {
          here: topology(filter: $filter, groupBy: $groupBy, expand: $expand) {
            edges(of: $of) {
              ...CallParts
            }
          }
        }
      }
    }
  `,
  [CallParts],
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

export type ShownTopology = ResultOf<typeof TopologyParts>;
export type ShownService = ShownTopology['services'][number];
export type ShownGroup = ShownTopology['groups'][number];
export type ShownEdge = ResultOf<typeof CallParts>;
export type CallVerdict = ShownEdge['verdict'];
