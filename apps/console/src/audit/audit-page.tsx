import { useQuery } from '@apollo/client/react';
import { Content, ExpandableSection } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { DiffView } from '../resources/diff-view.js';
import { Pager } from '../resources/pager.js';
import { auditSearch } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { PageFrame } from '../shell/page-frame.js';
import { SearchBox } from '../shell/search-box.js';
import { Nothing } from '../shell/states.js';
import { Instant } from '../shell/times.js';

const texts = messages.audit;

const AuditLog = graphql(`
  query AuditLog($first: Int!, $after: String, $filter: AuditFilter) {
    auditLog(first: $first, after: $after, filter: $filter) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        at
        actor
        action
        subjectKind
        name
        projectName
        ip
        requestId
        before
        after
        seal
      }
    }
  }
`);

type Row = ResultOf<typeof AuditLog>['auditLog']['nodes'][number];

/** Who changed what, when and from where. */
export function AuditPage(): ReactNode {
  const search = useAddress(auditSearch);
  const { actor, subjectKind, after } = search;
  const change = useChangeAddress<typeof search>();
  const { data, error, refetch } = useQuery(AuditLog, {
    variables: { first: 50, after: after ?? null, filter: { actor, subjectKind } },
  });
  const log = data?.auditLog;
  return (
    <PageFrame title={texts.title}>
      <SearchBox
        label={texts.actor}
        value={actor}
        change={(next) => change({ ...search, actor: next, after: undefined })}
      />
      <Asked data={log} error={error} again={() => void refetch()}>
        {(found) => (
          <>
            <AuditTable rows={found.nodes} />
            <Pager page={found} isFirst={after === undefined} go={(to) => change({ ...search, after: to })} />
          </>
        )}
      </Asked>
    </PageFrame>
  );
}

function AuditTable({ rows }: { rows: readonly Row[] }): ReactNode {
  if (rows.length === 0) return <Nothing title={texts.none} />;
  return (
    <Table aria-label={texts.title} variant="compact">
      <Thead>
        <Tr>
          <Th>{texts.when}</Th>
          <Th>{texts.who}</Th>
          <Th>{texts.what}</Th>
          <Th>{texts.on}</Th>
          <Th>{texts.from}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((row) => (
          <Tr key={row.id}>
            <Td dataLabel={texts.when}>
              <Instant at={row.at} />
              <Content component="small">{typeof row.seal === 'number' ? texts.sealed(row.seal) : texts.open}</Content>
            </Td>
            <Td dataLabel={texts.who}>{row.actor}</Td>
            <Td dataLabel={texts.what}>
              {row.action}
              <Change row={row} />
            </Td>
            <Td dataLabel={texts.on}>
              {row.subjectKind} {row.projectName ? `${row.projectName}/` : ''}
              {row.name}
            </Td>
            <Td dataLabel={texts.from}>{row.ip ?? messages.states.unknown}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Change({ row: { before, after, name } }: { row: Row }): ReactNode {
  if (!before && !after) return null;
  return (
    <ExpandableSection toggleText={`${texts.before} / ${texts.after}`}>
      {!before ? null : <DiffView label={`${texts.before} ${name}`} diff={JSON.stringify(before, null, 2)} />}
      {!after ? null : <DiffView label={`${texts.after} ${name}`} diff={JSON.stringify(after, null, 2)} />}
    </ExpandableSection>
  );
}
