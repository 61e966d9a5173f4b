import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { neededBeside, type ResourceKind } from '../resources/kinds.js';

/** Where one may make something of the kind of the page. */
export const PlacesToCreate = graphql(`
  fragment PlacesToCreate on Viewer @_unmask {
    placesToCreate(kind: $kind, permissions: $permissions) {
      kind
      name
    }
  }
`);

const Places = graphql(
  `
    query Places($kind: ResourceKind!, $permissions: [String!]) {
      viewer {
        ...PlacesToCreate
      }
    }
  `,
  [PlacesToCreate],
);

/** A part of the organization where something may be made. */
export type PlaceToCreate = ResultOf<typeof PlacesToCreate>['placesToCreate'][number];

/** Places where one of the kind may be made; undefined until it is known, or where it cannot be. */
export function usePlaces(kind: ResourceKind): { places: readonly PlaceToCreate[] | undefined; isAsked: boolean } {
  const variables = { kind, permissions: [...neededBeside(kind)] };
  const { data, networkStatus } = useQuery(Places, { variables, fetchPolicy: 'cache-first' });
  // Asked again, it is known already, or could not be: what is being written meanwhile stays as it is.
  return { places: data?.viewer.placesToCreate, isAsked: networkStatus === NetworkStatus.loading };
}

/** Global namespaces are told as `project/name`. */
const projectOf = ({ kind, name }: PlaceToCreate): string | undefined =>
  kind === 'PROJECT' || kind === 'GLOBAL_NAMESPACE' ? name.split('/')[0] : undefined;

/** Whether something may be made in the project, or anywhere if none is given. */
export function mayCreateIn(places: readonly PlaceToCreate[], project?: string): boolean {
  if (project === undefined) return places.length > 0;
  return places.some((place) => place.kind === 'ORGANIZATION' || projectOf(place) === project);
}

/** The projects where something may be made; undefined: any. */
export function projectsIn(places: readonly PlaceToCreate[] | undefined): readonly string[] | undefined {
  if (places?.some(({ kind }) => kind === 'ORGANIZATION') !== false) return undefined;
  return [...new Set(places.flatMap((place) => projectOf(place) ?? []))].sort();
}

/** Where a new document begins. */
export interface Beginning {
  project: string;
  /** The global namespace that has to be named, where only what names it may be made. */
  globalNamespace?: string;
}

const DEFAULT_PROJECT = 'default';

/** In the project that is wanted, or else where something may be made: the default project, if it is one of them. */
export function beginningIn(places: readonly PlaceToCreate[] | undefined, wanted: string | undefined): Beginning {
  const projects = projectsIn(places);
  const first = projects?.includes(DEFAULT_PROJECT) === false ? projects[0] : undefined;
  const project = wanted ?? first ?? DEFAULT_PROJECT;
  const inProject = (places ?? []).filter((place) => projectOf(place) === project);
  const [only] = projects !== undefined && inProject.every(({ kind }) => kind === 'GLOBAL_NAMESPACE') ? inProject : [];
  const globalNamespace = only?.name.split('/')[1];
  return { project, ...(globalNamespace === undefined ? {} : { globalNamespace }) };
}
