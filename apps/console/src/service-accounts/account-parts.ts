import { graphql, type ResultOf } from '../connection/graphql.js';
import { ActorParts } from '../status/actor-name.js';
import { TokenParts } from '../tokens/token-table.js';

/** What is shown of a service account, in a list or alone. */
export const AccountParts = graphql(
  `
    fragment AccountParts on ServiceAccount @_unmask {
      id
      name
      description
      createdAt
      by {
        ...ActorParts
      }
      disabledAt
      tokens {
        ...TokenParts
      }
    }
  `,
  [ActorParts, TokenParts],
);

export type ShownAccount = ResultOf<typeof AccountParts>;
