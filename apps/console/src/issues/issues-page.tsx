import {
  Button,
  Content,
  FormSelect,
  FormSelectOption,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { issueCopies } from '../resources/copies.js';
import { CopyLines } from '../resources/copy-as.js';
import { issuesSearch, SEVERITIES } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import type { Column } from '../shell/data-table.js';
import { PageFrame } from '../shell/page-frame.js';
import { Nothing } from '../shell/states.js';
import { WindowedColumns } from '../shell/windowed-columns.js';
import { inWindow, windowsOf } from '../shell/windows-of.js';
import { SeverityLabel } from '../status/severity-label.js';
import { IssueParts } from './issue-parts.js';
import { IssueWay } from './issue-way.js';

const Issues = graphql(
  `
    query Issues($first: Int!, $after: String, $offset: Int, $severities: [Severity!]) {
      issues(first: $first, after: $after, offset: $offset, filter: { severities: $severities }) {
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

type Row = ResultOf<typeof Issues>['issues']['nodes'][number];
const texts = messages.issues;

/** Everything that is reported, of all resources and clusters. */
export function IssuesPage(): ReactNode {
  const search = useAddress(issuesSearch);
  const { severity } = search;
  const change = useChangeAddress<typeof search>();
  const severities = severity === undefined ? null : [severity];
  const useRows = windowsOf({
    document: Issues,
    at: (place) => ({ ...inWindow(place), severities }),
    rowsIn: ({ issues }) => issues,
  });
  return (
    <PageFrame title={messages.issues.title} actions={<CopyLines copies={issueCopies(severity)} />}>
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
      <WindowedColumns
        key={severity ?? ''}
        label={texts.title}
        columns={COLUMNS}
        useRows={useRows}
        keyOf={({ code, path }, at) => `${code} ${path} ${String(at)}`}
        empty={<Empty severity={severity} clear={() => change({})} />}
      />
    </PageFrame>
  );
}

function Empty({ severity, clear }: { severity: string | undefined; clear: () => void }): ReactNode {
  if (severity === undefined) return <Nothing title={texts.none} body={texts.noneBody} />;
  return (
    <Nothing title={texts.noneSevere(severity.toLowerCase())}>
      <Button variant="link" onClick={clear}>
        {texts.clear}
      </Button>
    </Nothing>
  );
}

const COLUMNS: readonly Column<Row>[] = [
  [texts.severity, ({ severity }) => <SeverityLabel severity={severity} />],
  [
    texts.issue,
    ({ code, title, message }) => (
      <>
        <strong>
          <IssueWay code={code}>{`${code}: ${title ?? message}`}</IssueWay>
        </strong>
        {title ? <Content component="p">{message}</Content> : null}
      </>
    ),
  ],
  [texts.where, ({ cluster, path }) => <code>{[cluster, path].filter((part) => part).join(': ')}</code>],
  [texts.cause, ({ cause }) => cause],
  [texts.fix, ({ hint, fix }) => hint ?? fix],
];
