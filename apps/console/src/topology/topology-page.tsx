import { useQuery } from '@apollo/client/react';
import { Alert, Button, Content } from '@patternfly/react-core';
import { lazy, Suspense, useDeferredValue, useMemo, type ReactNode } from 'react';
import type { ResultOf } from '../connection/graphql.js';
import { topologyMessages as texts } from '../messages/topology-messages.js';
import { ResourceLink } from '../resources/resource-link.js';
import { topologySearch, type TopologySearch } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { part } from '../shell/later.js';
import { PageFrame } from '../shell/page-frame.js';
import { Failed, Loading, Nothing } from '../shell/states.js';
import { useSame, useSteady } from '../shell/use-same.js';
import { useCalls, useNodeAlong, type SelectedCalls, type TopologyQuestion } from './calls.js';
import { NodePanel } from './node-panel.js';
import { Subjects } from './subjects.js';
import { TopologyDocument, type ShownEdge, type ShownTopology } from './topology-document.js';
import { TopologyFilters } from './topology-filters.js';
import { TopologyTable } from './topology-table.js';
import { useAfterPaint } from './use-after-paint.js';

const TopologyGraph = lazy(() => part(() => import('./topology-graph.js'), 'TopologyGraph'));

/** Where services of a global namespace or a cluster run, and who may call whom. */
export function TopologyPage(): ReactNode {
  const { gns, cluster } = useAddress(topologySearch);
  const name = gns ?? cluster;
  return name === undefined ? (
    <Subjects />
  ) : (
    <Subject kind={gns === undefined ? 'Cluster' : 'GlobalNamespace'} name={name} />
  );
}

interface SubjectProps {
  kind: 'GlobalNamespace' | 'Cluster';
  name: string;
}

const GROUP_BY = { cluster: 'CLUSTER', namespace: 'NAMESPACE', version: 'VERSION' } as const;

function questionOf({ kind, name }: SubjectProps, search: TopologySearch): TopologyQuestion {
  const { project, text, inCluster, namespace, serviceGroup, group = 'cluster', open = [] } = search;
  return {
    ...{ kind, name, project: project ?? null, groupBy: GROUP_BY[group], expand: open },
    filter: {
      text: text ?? null,
      cluster: inCluster ?? null,
      namespace: namespace ?? null,
      serviceGroup: serviceGroup ?? null,
    },
  };
}

function Subject(subject: SubjectProps): ReactNode {
  const search = useAddress(topologySearch);
  const go = useChangeAddress<TopologySearch>();
  const change = useSteady((next: TopologySearch): void => go({ ...search, ...next }, { replace: true }));
  const question = questionOf(subject, search);
  const along = useNodeAlong(question, search.node);
  const {
    data: fresh,
    previousData,
    error,
    refetch,
  } = useQuery(TopologyDocument, {
    variables: { ...question, whole: true, of: along ?? '', hasOf: along !== undefined },
  });
  // What was shown stays until what was asked for is there: a filter shall not clear the page.
  const topology = topologyIn(fresh ?? previousData);
  const filters = useSame({ ...search, node: undefined });
  const lead = (
    <>
      {texts.of} <ResourceLink kind={subject.kind} name={subject.name} project={search.project} />
    </>
  );
  return (
    <PageFrame title={texts.title} lead={lead}>
      <TopologyFilters search={filters} topology={isShown(topology) ? topology : undefined} change={change} />
      {error === undefined ? null : <Failed error={error} again={() => void refetch()} />}
      {topology === undefined && error === undefined ? <Loading /> : null}
      {topology === 'MISSING' ? <Nothing title={texts.missing(subject.name)} /> : null}
      {topology === 'NOT_COMPILED' ? <Nothing title={texts.notCompiled} body={texts.notCompiledBody} /> : null}
      {isShown(topology) ? <Found {...{ topology, search, change, question, along }} /> : null}
    </PageFrame>
  );
}

type Answer = ShownTopology | 'MISSING' | 'NOT_COMPILED' | undefined;

const isShown = (answer: Answer): answer is ShownTopology => typeof answer === 'object';

/** The topology of an answer; undefined while there is no answer. */
function topologyIn(data: ResultOf<typeof TopologyDocument> | undefined): Answer {
  if (data === undefined) return undefined;
  const { resource } = data;
  if (resource?.__typename === 'GlobalNamespace') return resource.topology ? whole(resource.topology) : 'NOT_COMPILED';
  return resource?.__typename === 'Cluster' ? whole(resource.here) : 'MISSING';
}

const whole = (found: ShownTopology | object): ShownTopology | undefined => ('services' in found ? found : undefined);

const ON_THEIR_WAY: SelectedCalls = { calls: undefined, error: undefined, again: () => undefined };

const NO_CALLS: readonly ShownEdge[] = [];

interface FoundProps {
  topology: ShownTopology;
  search: TopologySearch;
  change: (next: TopologySearch) => void;
  question: TopologyQuestion;
  /** The node of which the topology tells the calls. */
  along: string | undefined;
}

function Found({ topology, search, change, question, along }: FoundProps): ReactNode {
  const { group = 'cluster', node, open = [] } = search;
  const select = useSteady((id: string) => change({ node: id }));
  const close = useSteady(() => change({ node: undefined }));
  const expand = useSteady((id: string) => change({ open: [...open, id], node: undefined }));
  // What is large follows in its own time: what was clicked answers at once.
  const view = useDeferredValue(search.view ?? 'graph');
  const drawn = useDeferredValue(node);
  const asked = useAfterPaint(node);
  const { error, ...selected } = useCalls({ question, topology, node: asked, along });
  const calls = useDeferredValue(selected.calls);
  const again = useSteady(selected.again);
  const isAsked = asked === node;
  const found = useMemo(() => (isAsked ? { calls, error, again } : ON_THEIR_WAY), [isAsked, calls, error, again]);
  const isEmpty = topology.services.length + topology.groups.length === 0;
  return (
    <>
      <Content component="small" role="status">
        {texts.shown(topology.matchingServices, topology.totalServices)}
      </Content>
      <Above topology={topology} search={search} change={change} />
      <div className="isthmus-topology">
        <div className="isthmus-topology-main">
          {isEmpty ? null : view === 'table' ? (
            <TopologyTable topology={topology} select={select} />
          ) : (
            <Suspense fallback={<Loading />}>
              <TopologyGraph {...{ topology, select }} grouping={group} selected={drawn} calls={calls ?? NO_CALLS} />
            </Suspense>
          )}
        </div>
        {node === undefined ? (
          <NoNode isShown={!isEmpty && view === 'graph'} />
        ) : (
          <NodePanel {...{ topology, found, close, expand }} selected={node} />
        )}
      </div>
    </>
  );
}

/** What is told above the graph: that services are told together, and that there are none. */
function Above({ topology: { services, groups }, search: { open = [] }, change }: AboveProps): ReactNode {
  return (
    <>
      {groups.length === 0 ? null : <Alert component="h2" variant="info" isInline isPlain title={texts.many} />}
      <Collapse isOpen={open.length > 0} collapse={() => change({ open: undefined })} />
      {services.length + groups.length === 0 ? <None change={change} /> : null}
    </>
  );
}

type AboveProps = Pick<FoundProps, 'topology' | 'search' | 'change'>;

/** Keeps the place of the panel: a graph that became narrower with a selection would be laid out and painted anew before anything is answered. */
function NoNode({ isShown }: { isShown: boolean }): ReactNode {
  if (!isShown) return null;
  return (
    <Content component="p" className="isthmus-topology-panel">
      {texts.noneSelected}
    </Content>
  );
}

function Collapse({ isOpen, collapse }: { isOpen: boolean; collapse: () => void }): ReactNode {
  if (!isOpen) return null;
  return (
    <Button variant="link" isInline onClick={collapse}>
      {texts.collapse}
    </Button>
  );
}

function None({ change }: Pick<FoundProps, 'change'>): ReactNode {
  const all = { text: undefined, inCluster: undefined, namespace: undefined, serviceGroup: undefined };
  return (
    <Nothing title={texts.none}>
      <Button variant="link" onClick={() => change(all)}>
        {texts.clear}
      </Button>
    </Nothing>
  );
}
