import { Button, Content, Title } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { memo, useDeferredValue, useEffect, useRef, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { topologyMessages as texts } from '../messages/topology-messages.js';
import { KINDS, type ResourceKind } from '../resources/kinds.js';
import { ResourceLink } from '../resources/resource-link.js';
import { Asked } from '../shell/asked.js';
import { DataTable } from '../shell/data-table.js';
import { Facts } from '../status/facts.js';
import type { SelectedCalls } from './calls.js';
import type { ShownEdge, ShownGroup, ShownService, ShownTopology } from './topology-document.js';
import { Lock, VerdictLabel } from './topology-labels.js';

interface NodePanelProps {
  topology: ShownTopology;
  selected: string;
  /** Calls of what is selected. */
  found: SelectedCalls;
  close: () => void;
  /** Shows the services of a group by themselves. */
  expand: (id: string) => void;
}

/** What is known of the service or group that is selected, with ways on: its name at once, the rest when there is time to draw it; what is done beside it draws nothing of it again. */
export const NodePanel = memo(function NodePanel(props: NodePanelProps): ReactNode {
  const { topology, selected, found, close, expand } = props;
  const service = topology.services.find(({ id }) => id === selected);
  const group = topology.groups.find(({ id }) => id === selected);
  const title = service?.host ?? (group ? texts.groupName(group) : texts.gone);
  // Nothing at first, which is no value to React if it is undefined: then all of it would be drawn with the click.
  const detailed = useDeferredValue(selected, '');
  const heading = useRef<HTMLDivElement>(null);
  useEffect(() => heading.current?.focus(), [selected]);
  return (
    <section
      className="isthmus-topology-panel"
      aria-label={title}
      onKeyDown={({ key }) => (key === 'Escape' ? close() : undefined)}
    >
      <div ref={heading} tabIndex={-1}>
        <Title headingLevel="h2">{title}</Title>
      </div>
      <Button variant="secondary" onClick={close}>
        {texts.close}
      </Button>
      {service && detailed === selected ? <ServiceParts service={service} topology={topology} found={found} /> : null}
      {group ? <GroupParts group={group} expand={expand} /> : null}
    </section>
  );
});

function GroupParts({ group, expand }: { group: ShownGroup; expand: (id: string) => void }): ReactNode {
  return (
    <>
      <Facts
        facts={[
          [texts.services, texts.count(group.services)],
          [texts.unserved, group.unserved],
          [texts.breached, group.breached],
        ]}
      />
      <Button onClick={() => expand(group.id)}>{texts.expand}</Button>
    </>
  );
}

interface ServicePartsProps {
  service: ShownService;
  topology: ShownTopology;
  found: SelectedCalls;
}

function ServiceParts({ service, topology, found }: ServicePartsProps): ReactNode {
  const { host, globalNamespace, project, ports, encryption, objective, serviceGroups } = service;
  return (
    <>
      <p>
        <Link to="/service" search={{ gns: globalNamespace, project, host }}>
          {texts.details}
        </Link>
      </p>
      <Facts
        facts={[
          [
            KINDS.GlobalNamespace.one,
            <ResourceLink key="g" kind="GlobalNamespace" name={globalNamespace} project={project} />,
          ],
          [texts.encryption, <Lock key="e" mode={encryption} />],
          [messages.gns.ports, ports.map(({ number, protocol }) => `${number}/${protocol}`).join(', ')],
          [texts.objective, objective === null ? texts.noObjective : texts.objectives[objective]],
          [texts.serviceGroups, serviceGroups.join(', ') || '–'],
        ]}
      />
      <DataTable
        label={texts.instances}
        isNarrow
        rows={service.instances}
        keyOf={({ cluster, namespace, service: name }) => `${cluster}/${namespace}/${name}`}
        columns={[
          [messages.cluster.kind, ({ cluster }) => <ResourceLink kind="Cluster" name={cluster} />],
          [texts.instance, ({ namespace, service: name }) => `${namespace}/${name}`],
          [texts.versions, ({ versions }) => versions.join(', ') || '–'],
          [messages.cluster.status, ({ state }) => texts.states[state]],
        ]}
      />
      <Asked data={found.calls} error={found.error} again={found.again}>
        {(calls) => (
          <>
            <Calls title={texts.callers} edges={edgesAt(calls, 'to', service)} end="from" topology={topology} />
            <Calls title={texts.callees} edges={edgesAt(calls, 'from', service)} end="to" topology={topology} />
          </>
        )}
      </Asked>
    </>
  );
}

function edgesAt(calls: readonly ShownEdge[], end: 'from' | 'to', { id }: ShownService): ShownEdge[] {
  return calls.filter((edge) => edge[end] === id);
}

interface CallsProps {
  title: string;
  edges: readonly ShownEdge[];
  end: 'from' | 'to';
  topology: ShownTopology;
}

interface Alike {
  edge: ShownEdge;
  names: string[];
}

/** Calls of which the same is told, together. */
function alike({ edges, end, topology }: CallsProps): Alike[] {
  const names = new Map([
    ...topology.services.map(({ id, host }) => [id, host] as const),
    ...topology.groups.map((group) => [group.id, texts.groupName(group)] as const),
  ]);
  const found = new Map<string, Alike>();
  for (const edge of edges) {
    const name = `${names.get(edge[end]) ?? ''}${edge.services > 1 ? ` (${edge.services})` : ''}`;
    const { verdict, rehearsal, ports, policies } = edge;
    const key = JSON.stringify([verdict, rehearsal, ports, policies]);
    const known = found.get(key);
    if (known === undefined) found.set(key, { edge, names: [name] });
    else known.names.push(name);
  }
  return [...found.values()];
}

function Calls(props: CallsProps): ReactNode {
  const rows = alike(props);
  return (
    <>
      <Title headingLevel="h3">{props.title}</Title>
      {rows.length === 0 ? <Content component="p">{texts.noCalls}</Content> : null}
      {rows.length === 0 ? null : (
        <DataTable
          label={props.title}
          isNarrow
          rows={rows}
          keyOf={({ names }) => names[0] ?? ''}
          columns={[
            [texts.service, ({ names }) => <Names names={names} />],
            [texts.verdict, ({ edge }) => <Judged edge={edge} />],
            [
              texts.policies,
              ({ edge }) => edge.policies.map((one) => <PolicyName key={`${one.project}/${one.name}`} policy={one} />),
            ],
          ]}
        />
      )}
    </>
  );
}

const FEW = 8;

function Names({ names }: { names: readonly string[] }): ReactNode {
  if (names.length <= FEW) return names.map((name) => <div key={name}>{name}</div>);
  return (
    <details>
      <summary>{texts.count(names.length)}</summary>
      {names.join(', ')}
    </details>
  );
}

function Judged({ edge: { verdict, rehearsal, ports } }: { edge: ShownEdge }): ReactNode {
  return (
    <>
      <VerdictLabel verdict={verdict} /> {ports.length === 0 ? null : texts.onPorts(ports.join(', '))}
      {rehearsal === null ? null : (
        <div>
          {texts.rehearsed} <VerdictLabel verdict={rehearsal} />
        </div>
      )}
    </>
  );
}

function PolicyName({ policy: { kind, project, name } }: { policy: ShownEdge['policies'][number] }): ReactNode {
  return (
    <div>
      {kind in KINDS ? <ResourceLink kind={kind as ResourceKind} name={name} project={project} /> : `${kind} ${name}`}
    </div>
  );
}
