import { useQuery } from '@apollo/client/react';
import { CodeBlock, CodeBlockCode, Content, Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { ClusterDetails } from '../clusters/cluster-details.js';
import { IssueList, type ShownIssue } from '../issues/issue-list.js';
import { messages } from '../messages/messages.js';
import { topologyMessages } from '../messages/topology-messages.js';
import { GnsDetails } from '../namespaces/gns-details.js';
import { questionOf, type RenderedQuestion } from '../rendered/rendered-document.js';
import { renderedSearch } from '../rendered/rendered-search.js';
import { resourceSearch, TABS, type ResourceSearch } from '../search-params.js';
import { useAddress, useChangeAddress, usePathPart } from '../shell/address.js';
import { part } from '../shell/later.js';
import { NotFound } from '../shell/not-found.js';
import { PageFrame } from '../shell/page-frame.js';
import { Failed, Loading, Nothing } from '../shell/states.js';
import type { Column } from '../shell/data-table.js';
import { Instant } from '../shell/times.js';
import { WindowedColumns } from '../shell/windowed-columns.js';
import { ActorName } from '../status/actor-name.js';
import { furtherRows, historyIn } from './further-rows.js';
import type { HistoryRow } from './row-parts.js';
import { CopyAs } from './copy-as.js';
import { KINDS, kindOfSlug, type ResourceKind } from './kinds.js';
import { PlainDetails } from './plain-details.js';
import { RemoveButton } from './remove-button.js';
import { ResourceDocument, type ShownResource } from './resource-document.js';

const RenderedTab = lazy(() => part(() => import('../rendered/rendered-tab.js'), 'RenderedTab'));

/** One resource, from all sides. */
export function ResourcePage(): ReactNode {
  const name = usePathPart('name');
  const kind = kindOfSlug(usePathPart('slug'));
  return kind === undefined ? <NotFound /> : <KnownKind key={`${kind}/${name}`} kind={kind} name={name} />;
}

function KnownKind({ kind, name }: { kind: ResourceKind; name: string }): ReactNode {
  const search = useAddress(renderedSearch);
  const { project, tab } = search;
  const [along] = useState(() => (tab === 'rendered' ? questionOf(kind, search) : undefined));
  const isAlong = along !== undefined && tab === 'rendered';
  const variables = { kind, name, project: project ?? null, issueKind: kind, rendered: isAlong, ...along };
  const { data, error, refetch } = useQuery(ResourceDocument, { variables });
  const resource = data?.resource;
  const { one } = KINDS[kind];
  if (resource) return <Found resource={resource} issues={data.issues.nodes} along={along} />;
  return (
    <PageFrame title={name}>
      {error === undefined ? null : <Failed error={error} again={() => void refetch()} />}
      {resource === null && error === undefined ? (
        <Nothing title={messages.resource.missing(one, name)} body={messages.resource.missingBody} />
      ) : null}
      {data === undefined && error === undefined ? <Loading /> : null}
    </PageFrame>
  );
}

function Actions({ resource }: { resource: ShownResource }): ReactNode {
  const { kind, name, projectName, viewerCanUpdate } = resource;
  const search = { name, ...(projectName && KINDS[kind].inProject ? { project: projectName } : {}) };
  return (
    <>
      <CopyAs resource={resource} /> <TopologyWay resource={resource} />{' '}
      {viewerCanUpdate ? (
        <Link
          to="/edit/$slug"
          params={{ slug: KINDS[kind].slug }}
          search={search}
          className="pf-v6-c-button pf-m-secondary"
        >
          {messages.resource.edit}
        </Link>
      ) : null}{' '}
      <RemoveButton resource={resource} />
    </>
  );
}

/** The way to the topology, of kinds that have one. */
function TopologyWay({ resource: { kind, name, projectName } }: { resource: ShownResource }): ReactNode {
  if (kind !== 'GlobalNamespace' && kind !== 'Cluster') return null;
  const search =
    kind === 'Cluster' ? { cluster: name } : { gns: name, ...(projectName ? { project: projectName } : {}) };
  return (
    <Link to="/topology" search={search} className="pf-v6-c-button pf-m-secondary">
      {topologyMessages.title}
    </Link>
  );
}

interface FoundProps {
  resource: ShownResource;
  issues: readonly ShownIssue[];
  /** Which rendered objects came with it. */
  along: RenderedQuestion | undefined;
}

function Found({ resource, issues, along }: FoundProps): ReactNode {
  const { tab = 'details', project } = useAddress(resourceSearch);
  const change = useChangeAddress<ResourceSearch>();
  const content = {
    details: <Details resource={resource} />,
    yaml: (
      <CodeBlock>
        <CodeBlockCode>{resource.yaml}</CodeBlockCode>
      </CodeBlock>
    ),
    rendered: <Rendered resource={resource} along={along} />,
    history: <History resource={resource} />,
    issues: <IssueList issues={issues} />,
  };
  const titles = { ...messages.resource, issues: `${messages.resource.issues} (${issues.length})` };
  return (
    <PageFrame title={resource.name} lead={leadOf(resource)} actions={<Actions resource={resource} />}>
      <Tabs
        activeKey={tab}
        onSelect={(_, key) => change({ project, tab: TABS.find((one) => one === key) }, { replace: true })}
      >
        {TABS.filter((one) => one !== 'rendered' || isRendered(resource)).map((one) => (
          <Tab key={one} eventKey={one} title={<TabTitleText>{titles[one]}</TabTitleText>}>
            <div className="isthmus-tab">{one === tab ? content[one] : null}</div>
          </Tab>
        ))}
      </Tabs>
    </PageFrame>
  );
}

function leadOf({ kind, projectName }: ShownResource): string {
  const { one, inProject } = KINDS[kind];
  return inProject && projectName ? `${one}, ${messages.list.project.toLowerCase()} ${projectName}` : one;
}

type Rendering = Extract<ShownResource, { __typename: 'Cluster' | 'GlobalNamespace' }>;

const isRendered = (resource: ShownResource): resource is Rendering =>
  resource.__typename === 'Cluster' || resource.__typename === 'GlobalNamespace';

function Rendered({ resource, along }: Pick<FoundProps, 'resource' | 'along'>): ReactNode {
  if (!isRendered(resource)) return null;
  return (
    <Suspense fallback={<Loading />}>
      <RenderedTab resource={resource} along={along} />
    </Suspense>
  );
}

function Details({ resource }: { resource: ShownResource }): ReactNode {
  if (resource.__typename === 'Cluster') return <ClusterDetails cluster={resource} />;
  if (resource.__typename === 'GlobalNamespace') return <GnsDetails gns={resource} />;
  return <PlainDetails resource={resource} />;
}

function History({ resource }: { resource: ShownResource }): ReactNode {
  return (
    <WindowedColumns
      label={messages.resource.history}
      columns={HISTORY_COLUMNS}
      useRows={furtherRows({ resource, list: 'history', first: resource.history, of: historyIn })}
      keyOf={({ resourceVersion }) => String(resourceVersion)}
      empty={null}
    />
  );
}

const HISTORY_COLUMNS: readonly Column<HistoryRow>[] = [
  [
    messages.list.generation,
    ({ generation, deleted }) => (
      <>
        {generation} {deleted ? <Content component="small">{messages.resource.deleted}</Content> : null}
      </>
    ),
  ],
  [messages.audit.who, ({ by }) => <ActorName actor={by} />],
  [messages.list.updated, ({ at }) => <Instant at={at} />],
];
