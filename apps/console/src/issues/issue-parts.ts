import { graphql } from '../connection/graphql.js';

/** What is shown of an issue, wherever one is. */
export const IssueParts = graphql(`
  fragment IssueParts on Issue @_unmask {
    code
    severity
    title
    message
    path
    cause
    fix
    hint
    cluster
  }
`);

/** Why a change was not made. */
export const RefusalParts = graphql(
  `
    fragment RefusalParts on MutationError @_unmask {
      message
      issues {
        ...IssueParts
      }
    }
  `,
  [IssueParts],
);
