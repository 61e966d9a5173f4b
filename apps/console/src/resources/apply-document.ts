import { graphql, type ResultOf } from '../connection/graphql.js';
import { IssueParts } from '../issues/issue-parts.js';
import { PreviewParts } from './preview-view.js';

/** Applies documents, or says what they would change. */
export const ApplyDocument = graphql(
  `
    mutation ApplyDocument($input: ApplyResourcesInput!) {
      applyResources(input: $input) {
        ok {
          dryRun
          changes {
            kind
            name
            projectName
            outcome
          }
          issues {
            ...IssueParts
            source {
              line
            }
            resource {
              kind
              name
            }
          }
          preview {
            ...PreviewParts
          }
        }
        error {
          code
          message
          issues {
            ...IssueParts
            source {
              line
            }
            resource {
              kind
              name
              project
            }
          }
          current {
            id
            yaml
            resourceVersion
          }
        }
      }
    }
  `,
  [IssueParts, PreviewParts],
);

export type Answer = ResultOf<typeof ApplyDocument>['applyResources'];
