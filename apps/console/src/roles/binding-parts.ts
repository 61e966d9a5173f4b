import { graphql, type ResultOf } from '../connection/graphql.js';

/** What is shown of a grant: who holds which role where, until when, and by whom. */
export const BindingParts = graphql(`
  fragment BindingParts on RoleBinding @_unmask {
    id
    role
    createdAt
    createdBy
    expiresAt
    subject {
      kind
      id
    }
    scope {
      kind
      name
    }
  }
`);

export type ShownBinding = ResultOf<typeof BindingParts>;
