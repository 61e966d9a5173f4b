import { graphql, type ResultOf } from '../connection/graphql.js';
import { ActorParts } from '../status/actor-name.js';

/** What is shown of a grant: who holds which role where, until when, and by whom. */
export const BindingParts = graphql(
  `
    fragment BindingParts on RoleBinding @_unmask {
      id
      role
      createdAt
      by {
        ...ActorParts
      }
      expiresAt
      subject {
        kind
        id
        name
        email
        deleted
      }
      scope {
        kind
        name
      }
    }
  `,
  [ActorParts],
);

export type ShownBinding = ResultOf<typeof BindingParts>;
