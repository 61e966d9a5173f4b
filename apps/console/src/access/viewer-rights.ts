import { useQuery } from '@apollo/client/react';
import { graphql, type ResultOf } from '../connection/graphql.js';

/** What is offered to the one who looks: what he may do at least somewhere. */
export const ViewerRights = graphql(`
  fragment ViewerRights on Viewer @_unmask {
    permissionsSomewhere
  }
`);

const Rights = graphql(
  `
    query Rights {
      viewer {
        ...ViewerRights
      }
    }
  `,
  [ViewerRights],
);

export type ShownRights = ResultOf<typeof ViewerRights>;

/** True if all of these are held somewhere; undefined as long as it is not known. */
export function mayAll(rights: ShownRights | null | undefined, needed: readonly string[]): boolean | undefined {
  return rights ? needed.every((permission) => rights.permissionsSomewhere.includes(permission)) : undefined;
}

/** Whether the viewer holds all of these somewhere, for pages that ask for nothing else; undefined until it is known, or where it cannot be. */
export function useMayAll(needed: readonly string[]): boolean | undefined {
  const { data } = useQuery(Rights, { fetchPolicy: 'cache-first' });
  return mayAll(data?.viewer, needed);
}
