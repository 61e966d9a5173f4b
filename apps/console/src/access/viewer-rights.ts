import { graphql, type ResultOf } from '../connection/graphql.js';

/** What is offered to the one who looks: what he may do at least somewhere. */
export const ViewerRights = graphql(`
  fragment ViewerRights on Viewer @_unmask {
    permissionsSomewhere
  }
`);

export type ShownRights = ResultOf<typeof ViewerRights>;

/** True if all of these are held somewhere; undefined as long as it is not known. */
export function mayAll(rights: ShownRights | null | undefined, needed: readonly string[]): boolean | undefined {
  return rights ? needed.every((permission) => rights.permissionsSomewhere.includes(permission)) : undefined;
}
