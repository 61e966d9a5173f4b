import { Button, Content } from '@patternfly/react-core';
import { Td, Th, Tr } from '@patternfly/react-table';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { auditCopies } from '../resources/copies.js';
import { CopyLines } from '../resources/copy-as.js';
import { DiffView } from '../resources/diff-view.js';
import { auditSearch } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { PageFrame } from '../shell/page-frame.js';
import { SearchBox } from '../shell/search-box.js';
import { Nothing } from '../shell/states.js';
import { Instant } from '../shell/times.js';
import { WindowedTable } from '../shell/windowed-table.js';
import { inWindow, windowsOf } from '../shell/windows-of.js';
import { Expandable } from '../shell/expandable.js';
import { ActorParts, actorText, type ShownActor } from '../status/actor-name.js';

const texts = messages.audit;

const AuditLog = graphql(
  `
    query AuditLog($first: Int!, $after: String, $offset: Int, $filter: AuditFilter) {
      auditLog(first: $first, after: $after, offset: $offset, filter: $filter) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          id
          at
          by {
            ...ActorParts
          }
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
  `,
  [ActorParts],
);

type Row = ResultOf<typeof AuditLog>['auditLog']['nodes'][number];

/** Who changed what, when and from where. */
export function AuditPage(): ReactNode {
  const search = useAddress(auditSearch);
  const { actor, subjectKind } = search;
  const change = useChangeAddress<typeof search>();
  const filter = { actor, subjectKind };
  const useRows = windowsOf({
    document: AuditLog,
    at: (place) => ({ ...inWindow(place), filter }),
    rowsIn: ({ auditLog }) => auditLog,
  });
  return (
    <PageFrame title={texts.title} actions={<CopyLines copies={auditCopies(search)} />}>
      <SearchBox label={texts.actor} value={actor} change={(next) => change({ ...search, actor: next })} />
      <WindowedTable
        key={JSON.stringify(filter)}
        label={texts.title}
        head={<Titles />}
        useRows={useRows}
        keyOf={({ id }) => id}
        cells={(row) => <Cells row={row} />}
        empty={<Empty isFiltered={Object.keys(search).length > 0} clear={() => change({})} />}
      />
    </PageFrame>
  );
}

function Titles(): ReactNode {
  return (
    <Tr>
      <Th>{texts.when}</Th>
      <Th>{texts.who}</Th>
      <Th>{texts.what}</Th>
      <Th>{texts.on}</Th>
      <Th>{texts.from}</Th>
    </Tr>
  );
}

function Cells({ row }: { row: Row }): ReactNode {
  return (
    <>
      <Td dataLabel={texts.when}>
        <Instant at={row.at} />
        <Content component="small">{typeof row.seal === 'number' ? texts.sealed(row.seal) : texts.open}</Content>
      </Td>
      <Td dataLabel={texts.who}>
        <Who actor={row.by} />
      </Td>
      <Td dataLabel={texts.what}>
        {row.action}
        <Change row={row} />
      </Td>
      <Td dataLabel={texts.on}>
        {row.subjectKind} {row.projectName ? `${row.projectName}/` : ''}
        {row.name}
      </Td>
      <Td dataLabel={texts.from}>{row.ip ?? messages.states.unknown}</Td>
    </>
  );
}

function Empty({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }): ReactNode {
  if (!isFiltered) return <Nothing title={texts.none} />;
  return (
    <Nothing title={texts.noMatch} body={texts.noMatchBody}>
      <Button variant="link" onClick={clear}>
        {texts.clear}
      </Button>
    </Nothing>
  );
}

/** The name leads to all that was done under it. */
function Who({ actor }: { actor: ShownActor }): ReactNode {
  const text = actorText(actor);
  return (
    <>
      <Link to="/audit" search={{ actor: actor.id }} title={messages.actors.only(text)}>
        {text}
      </Link>
      {text === actor.id ? null : (
        <Content component="small">
          <code>{actor.id}</code>
        </Content>
      )}
    </>
  );
}

function Change({ row: { before, after, name } }: { row: Row }): ReactNode {
  if (!before && !after) return null;
  return (
    <Expandable title={`${texts.before} / ${texts.after}`}>
      {!before ? null : <DiffView label={`${texts.before} ${name}`} diff={JSON.stringify(before, null, 2)} />}
      {!after ? null : <DiffView label={`${texts.after} ${name}`} diff={JSON.stringify(after, null, 2)} />}
    </Expandable>
  );
}
