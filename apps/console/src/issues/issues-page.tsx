import { useQuery } from '@apollo/client/react';
import { FormSelect, FormSelectOption, Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { Pager } from '../resources/pager.js';
import { issuesSearch, SEVERITIES } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { PageFrame } from '../shell/page-frame.js';
import { IssueList } from './issue-list.js';
import { IssueParts } from './issue-parts.js';

const Issues = graphql(
  `
    query Issues($first: Int!, $after: String, $severities: [Severity!]) {
      issues(first: $first, after: $after, filter: { severities: $severities }) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...IssueParts
        }
      }
    }
  `,
  [IssueParts],
);

/** Everything that is reported, of all resources and clusters. */
export function IssuesPage(): ReactNode {
  const search = useAddress(issuesSearch);
  const { severity, after } = search;
  const change = useChangeAddress<typeof search>();
  const variables = { first: 50, after: after ?? null, severities: severity === undefined ? null : [severity] };
  const { data, error, refetch } = useQuery(Issues, { variables });
  return (
    <PageFrame title={messages.issues.title}>
      <Toolbar>
        <ToolbarContent>
          <ToolbarItem>
            <FormSelect
              aria-label={messages.issues.severity}
              value={severity ?? ''}
              onChange={(_, value) => change({ severity: SEVERITIES.find((one) => one === value) })}
            >
              <FormSelectOption value="" label={messages.issues.all} />
              {SEVERITIES.map((one) => (
                <FormSelectOption key={one} value={one} label={one.toLowerCase()} />
              ))}
            </FormSelect>
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      <Asked data={data} error={error} again={() => void refetch()}>
        {({ issues }) => (
          <>
            <IssueList issues={issues.nodes} />
            <Pager page={issues} isFirst={after === undefined} go={(to) => change({ severity, after: to })} />
          </>
        )}
      </Asked>
    </PageFrame>
  );
}
