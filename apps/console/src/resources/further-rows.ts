import { useQuery } from '@apollo/client/react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { WINDOW_ROWS, type RowPlace, type WindowPage } from '../shell/row-windows.js';
import type { Asking } from '../shell/windowed-table.js';
import type { ShownResource } from './resource-document.js';
import { HistoryRows, NamespaceRows, RevisionRows, ServiceRows, TargetRows } from './row-parts.js';

/** Rows of one list of a resource, after those that came with its page. */
const FurtherRows = graphql(
  `
    query FurtherRows(
      $kind: ResourceKind!
      $name: String!
      $project: String
      $first: Int!
      $after: String
      $offset: Int
      $history: Boolean!
      $services: Boolean!
      $targets: Boolean!
      $namespaces: Boolean!
      $revisions: Boolean!
    ) {
      resource(kind: $kind, name: $name, project: $project) {
        __typename
        id
        history(first: $first, after: $after, offset: $offset) @include(if: $history) {
          ...HistoryRows
        }
        ... on Cluster {
          targets(first: $first, after: $after, offset: $offset) @include(if: $targets) {
            ...TargetRows
          }
          inventory @include(if: $namespaces) {
            namespaces(first: $first, after: $after, offset: $offset) {
              ...NamespaceRows
            }
          }
        }
        ... on GlobalNamespace {
          services(first: $first, after: $after, offset: $offset) @include(if: $services) {
            ...ServiceRows
          }
          targets(first: $first, after: $after, offset: $offset) @include(if: $targets) {
            ...TargetRows
          }
          revisions(first: $first, after: $after, offset: $offset) @include(if: $revisions) {
            ...RevisionRows
          }
        }
      }
    }
  `,
  [HistoryRows, NamespaceRows, RevisionRows, ServiceRows, TargetRows],
);

const NO_LIST = { history: false, services: false, targets: false, namespaces: false, revisions: false };
type Found = NonNullable<ResultOf<typeof FurtherRows>['resource']>;

interface Further<T> {
  /** Whose list. */
  resource: Pick<ShownResource, 'kind' | 'name' | 'projectName'>;
  list: keyof typeof NO_LIST;
  /** The rows that are there with the page. */
  first: WindowPage<T>;
  /** The list in an answer. */
  of: (found: Found) => WindowPage<T> | null | undefined;
}

/** A hook for a windowed table whose first rows came with the page, in its one request; others are asked for when they come near. */
export function furtherRows<T>({
  resource,
  list,
  first,
  of,
}: Further<T>): (place: RowPlace, skip: boolean) => Asking<T> {
  const { kind, name, projectName } = resource;
  const variables = { ...NO_LIST, [list]: true, kind, name, project: projectName ?? null, first: WINDOW_ROWS };
  return function useFurtherRows(place, skip) {
    const isFirst = place.after === null && place.offset === 0;
    const { data, error, refetch } = useQuery(FurtherRows, {
      variables: { ...variables, ...place },
      skip: skip || isFirst,
    });
    const further = data?.resource ? (of(data.resource) ?? undefined) : undefined;
    const known = isFirst ? first : further;
    return { page: skip ? undefined : known, error, again: () => void refetch() };
  };
}

/** Services in an answer. */
export const servicesIn = (found: Found) => (found.__typename === 'GlobalNamespace' ? found.services : undefined);
/** Revisions, in an answer. */
export const revisionsIn = (found: Found) => (found.__typename === 'GlobalNamespace' ? found.revisions : undefined);
/** What is wanted, in an answer. */
export const targetsIn = (found: Found) =>
  found.__typename === 'GlobalNamespace' || found.__typename === 'Cluster' ? found.targets : undefined;
/** Namespaces of a cluster, in an answer. */
export const namespacesIn = (found: Found) =>
  found.__typename === 'Cluster' ? found.inventory?.namespaces : undefined;
/** Generations, in an answer. */
export const historyIn = (found: Found) => found.history;
