import { graphql, type ResultOf } from '../connection/graphql.js';

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
    edges(of: $of) @include(if: $hasOf) {
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
  }
`);

/** Everything that the page shows, in one request. */
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

/** What there is a topology of. */
export const TopologySubjects = graphql(`
  query TopologySubjects($first: Int!) {
    globalNamespaces: resources(kinds: [GlobalNamespace], first: $first) {
      nodes {
        id
        name
        projectName
      }
    }
    clusters: resources(kinds: [Cluster], first: $first) {
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
export type ShownEdge = NonNullable<ShownTopology['edges']>[number];
export type CallVerdict = ShownEdge['verdict'];
