import { useQuery } from '@apollo/client/react';
import { Button } from '@patternfly/react-core';
import { Td, Th, Tr, type ThProps } from '@patternfly/react-table';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { Forbidden } from '../access/forbidden.js';
import { mayCreateIn, PlacesToCreate } from '../access/places-to-create.js';
import { messages } from '../messages/messages.js';
import { listSearch, type ListSearch, type Sort } from '../search-params.js';
import { useAddress, useChangeAddress, usePathPart } from '../shell/address.js';
import { NotFound } from '../shell/not-found.js';
import { PageFrame } from '../shell/page-frame.js';
import { SearchBox } from '../shell/search-box.js';
import { FIRST_PLACE, type RowPlace } from '../shell/row-windows.js';
import { Nothing } from '../shell/states.js';
import { Instant } from '../shell/times.js';
import { WindowedTable } from '../shell/windowed-table.js';
import { inWindow, isFirst, windowsOf } from '../shell/windows-of.js';
import { ConditionLabels } from '../status/condition-labels.js';
import { listCopies } from './copies.js';
import { CopyLines } from './copy-as.js';
import { KINDS, kindOfSlug, neededBeside, neededFor, type ResourceKind } from './kinds.js';
import { ResourceLink } from './resource-link.js';

const Resources = graphql(
  `
    query Resources(
      $whole: Boolean!
      $kind: ResourceKind!
      $permissions: [String!]
      $kinds: [ResourceKind!]
      $first: Int!
      $after: String
      $offset: Int
      $filter: ResourceFilter
      $orderBy: ResourceOrder
    ) {
      viewer @include(if: $whole) {
        ...PlacesToCreate
      }
      resources(kinds: $kinds, first: $first, after: $after, offset: $offset, filter: $filter, orderBy: $orderBy) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          __typename
          id
          kind
          name
          projectName
          generation
          updatedAt
          ... on Cluster {
            conditions {
              type
              status
              reason
              message
            }
          }
          ... on GlobalNamespace {
            conditions {
              type
              status
              reason
              message
            }
          }
        }
      }
    }
  `,
  [PlacesToCreate],
);

type Row = ResultOf<typeof Resources>['resources']['nodes'][number];

/** All resources of one kind. */
export function ListPage(): ReactNode {
  const kind = kindOfSlug(usePathPart('slug'));
  return kind === undefined ? <NotFound /> : <ResourceList key={kind} kind={kind} />;
}

function variablesOf(kind: ResourceKind, search: ListSearch) {
  const { search: text, project, sort = 'NAME', direction = 'ASC' } = search;
  return {
    ...{ kind, kinds: [kind], permissions: [...neededBeside(kind)] },
    filter: { ...(text === undefined ? {} : { search: text }), ...(project === undefined ? {} : { project }) },
    orderBy: { field: sort, direction },
  };
}

function ResourceList({ kind }: { kind: ResourceKind }): ReactNode {
  const search = useAddress(listSearch);
  const go = useChangeAddress<ListSearch>();
  const { many } = KINDS[kind];
  const change = (next: ListSearch): void => go({ ...search, ...next });
  const variables = variablesOf(kind, search);
  const at = (place: RowPlace) => ({ ...variables, ...inWindow(place), whole: isFirst(place) });
  const useRows = windowsOf({ document: Resources, at, rowsIn: ({ resources }) => resources });
  const { data } = useQuery(Resources, { variables: at(FIRST_PLACE) });
  const mayCreate = data?.viewer && mayCreateIn(data.viewer.placesToCreate, search.project);
  const actions = (
    <>
      <CopyLines copies={listCopies(kind, search)} />{' '}
      {mayCreate === true ? <CreateButton kind={kind} project={search.project} /> : null}
    </>
  );
  return (
    <PageFrame title={many} actions={actions}>
      <SearchBox
        label={messages.list.search(many.toLowerCase())}
        value={search.search}
        change={(text) => change({ search: text })}
      />
      <WindowedTable
        key={JSON.stringify(variables)}
        label={many}
        head={<Titles kind={kind} search={search} change={change} />}
        useRows={useRows}
        keyOf={({ id }) => id}
        cells={(row) => <Cells kind={kind} row={row} />}
        empty={<Empty {...{ kind, search, change, mayCreate }} />}
      />
    </PageFrame>
  );
}

/** Leads to where one is made; in the project that is looked at, if it is one alone. */
function CreateButton({ kind, project }: { kind: ResourceKind; project?: string | undefined }): ReactNode {
  const search = project === undefined ? {} : { project };
  if (kind === 'Cluster')
    return (
      <Link to="/onboard" className="pf-v6-c-button pf-m-primary">
        {messages.cluster.onboard}
      </Link>
    );
  if (kind === 'GlobalNamespace')
    return (
      <Link to="/create-global-namespace" search={search} className="pf-v6-c-button pf-m-primary">
        {messages.list.create(KINDS[kind].one)}
      </Link>
    );
  return (
    <Link to="/edit/$slug" params={{ slug: KINDS[kind].slug }} search={search} className="pf-v6-c-button pf-m-primary">
      {messages.list.create(KINDS[kind].one)}
    </Link>
  );
}

interface ListProps {
  search: ListSearch;
  change: (next: ListSearch) => void;
}

interface EmptyProps extends ListProps {
  kind: ResourceKind;
  mayCreate: boolean | undefined;
}

function Empty({ kind, search, change, mayCreate }: EmptyProps): ReactNode {
  const { one } = KINDS[kind];
  const { search: text, project } = search;
  if (text !== undefined || project !== undefined)
    return (
      <Nothing
        title={text === undefined ? messages.list.noneInProject(one, project ?? '') : messages.list.noMatch(text)}
      >
        <Button variant="link" onClick={() => change({ search: undefined, project: undefined })}>
          {messages.list.clear}
        </Button>
      </Nothing>
    );
  if (mayCreate === false) return <Forbidden title={messages.list.none(one)} lacking={neededFor(kind)} />;
  return <Nothing title={messages.list.none(one)}>{mayCreate ? <CreateButton kind={kind} /> : null}</Nothing>;
}

const DIRECTION_OF = { asc: 'ASC', desc: 'DESC' } as const;
const COLUMNS: readonly Sort[] = ['NAME', 'UPDATED_AT'];

const hasConditions = (kind: ResourceKind): boolean => kind === 'Cluster' || kind === 'GlobalNamespace';

function Titles({ kind, search, change }: ListProps & { kind: ResourceKind }): ReactNode {
  const { sort = 'NAME', direction = 'ASC' } = search;
  const sortBy = (columnIndex: number): ThProps['sort'] => ({
    sortBy: { index: COLUMNS.indexOf(sort), direction: direction === 'ASC' ? 'asc' : 'desc' },
    columnIndex,
    onSort: (_, index, next) => change({ sort: COLUMNS[index] ?? 'NAME', direction: DIRECTION_OF[next] }),
  });
  return (
    <Tr>
      <Th sort={sortBy(0)}>{messages.list.name}</Th>
      {KINDS[kind].inProject ? <Th>{messages.list.project}</Th> : null}
      {hasConditions(kind) ? <Th>{messages.cluster.status}</Th> : null}
      <Th>{messages.list.generation}</Th>
      <Th sort={sortBy(1)}>{messages.list.updated}</Th>
    </Tr>
  );
}

function Cells({ kind, row }: { kind: ResourceKind; row: Row }): ReactNode {
  return (
    <>
      <Td dataLabel={messages.list.name}>
        <ResourceLink kind={kind} name={row.name} project={row.projectName} />
      </Td>
      {KINDS[kind].inProject ? <Td dataLabel={messages.list.project}>{row.projectName}</Td> : null}
      {hasConditions(kind) ? (
        <Td dataLabel={messages.cluster.status}>
          {'conditions' in row ? <ConditionLabels conditions={row.conditions} /> : null}
        </Td>
      ) : null}
      <Td dataLabel={messages.list.generation}>{row.generation}</Td>
      <Td dataLabel={messages.list.updated}>
        <Instant at={row.updatedAt} />
      </Td>
    </>
  );
}
