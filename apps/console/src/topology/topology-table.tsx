import { Button, Content, Title } from '@patternfly/react-core';
import { memo, useMemo, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { topologyMessages as texts } from '../messages/topology-messages.js';
import { ResourceLink } from '../resources/resource-link.js';
import { DataTable, type Column } from '../shell/data-table.js';
import { useRowsAtHand } from '../shell/rows-at-hand.js';
import { useSame } from '../shell/use-same.js';
import { WindowedColumns } from '../shell/windowed-columns.js';
import type { ShownGroup, ShownService, ShownTopology } from './topology-document.js';
import { clustersOf, Lock, servedText, versionsOf } from './topology-labels.js';

interface TopologyTableProps {
  topology: ShownTopology;
  /** Shows the panel of a service or group. */
  select: (id: string) => void;
}

/** The same as the graph, for those who would rather read; a selection draws nothing of it again. */
export const TopologyTable = memo(function TopologyTable({ topology, select }: TopologyTableProps): ReactNode {
  const { groups, clusters, paths } = topology;
  const services = useSame(topology.services);
  const useRows = useRowsAtHand(services);
  const columns = useMemo(() => serviceColumns(select), [select]);
  return (
    <>
      {groups.length === 0 ? null : (
        <DataTable label={texts.groups} rows={groups} keyOf={({ id }) => id} columns={groupColumns(select)} />
      )}
      {services.length === 0 ? null : (
        <WindowedColumns label={texts.services} useRows={useRows} keyOf={idOf} columns={columns} empty={null} />
      )}
      <Title headingLevel="h2">{texts.clusters}</Title>
      <DataTable label={texts.clusters} rows={clusters} keyOf={({ name }) => name} columns={CLUSTER_COLUMNS} />
      <Title headingLevel="h2">{texts.paths}</Title>
      {paths.length === 0 ? (
        <Content component="p">{texts.noPaths}</Content>
      ) : (
        <DataTable label={texts.paths} rows={paths} keyOf={({ to }) => to} columns={PATH_COLUMNS} />
      )}
    </>
  );
});

const idOf = ({ id }: ShownService): string => id;

const serviceColumns = (select: (id: string) => void): Column<ShownService>[] => [
  [
    texts.service,
    ({ id, host }) => (
      <Button variant="link" isInline onClick={() => select(id)}>
        {host}
      </Button>
    ),
  ],
  [texts.clusters, (service) => clustersOf(service).join(', ')],
  [texts.versions, (service) => versionsOf(service).join(', ') || '–'],
  [texts.encryption, ({ encryption }) => <Lock mode={encryption} />],
  [messages.cluster.status, servedText],
  [texts.objective, ({ objective }) => (objective === null ? '–' : texts.objectives[objective])],
];

const groupColumns = (select: (id: string) => void): Column<ShownGroup>[] => [
  [
    texts.group,
    (group) => (
      <Button variant="link" isInline onClick={() => select(group.id)}>
        {texts.groupName(group)}
      </Button>
    ),
  ],
  [texts.services, ({ services }) => texts.count(services)],
  [texts.encryption, ({ encryption }) => <Modes encryption={encryption} />],
  [texts.unserved, ({ unserved }) => unserved],
  [texts.breached, ({ breached }) => breached],
];

function Modes({ encryption }: Pick<ShownGroup, 'encryption'>): ReactNode {
  return encryption.map(({ mode, services }) => (
    <div key={mode ?? ''}>
      {services} <Lock mode={mode} />
    </div>
  ));
}

const CLUSTER_COLUMNS: readonly Column<ShownTopology['clusters'][number]>[] = [
  [messages.cluster.kind, ({ name }) => <ResourceLink kind="Cluster" name={name} />],
  [texts.services, ({ services }) => services],
  [
    texts.gateways,
    ({ gateways }) =>
      gateways === null ? '–' : gateways.map(({ address, port }) => `${address}:${port}`).join(', ') || texts.noGateway,
  ],
  [texts.freshness, ({ freshness }) => (freshness === null ? '–' : texts.freshnesses[freshness.state])],
];

const PATH_COLUMNS: readonly Column<ShownTopology['paths'][number]>[] = [
  [texts.to, ({ to }) => <ResourceLink kind="Cluster" name={to} />],
  [texts.from, ({ from }) => from.join(', ')],
  [texts.gateways, ({ gateways }) => (gateways === 0 ? texts.noGateway : gateways)],
  [texts.services, ({ services }) => services],
];
