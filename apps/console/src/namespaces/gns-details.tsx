import { Content, Grid, GridItem, Label, Title } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { Link } from '@tanstack/react-router';
import { furtherRows, revisionsIn, servicesIn, targetsIn } from '../resources/further-rows.js';
import { KINDS } from '../resources/kinds.js';
import type { ShownGlobalNamespace } from '../resources/resource-document.js';
import { ResourceLink } from '../resources/resource-link.js';
import type { RevisionRow, ServiceRow, TargetRow } from '../resources/row-parts.js';
import type { Column } from '../shell/data-table.js';
import { Instant } from '../shell/times.js';
import { WindowedColumns } from '../shell/windowed-columns.js';
import { percent } from '../slos/slo-numbers.js';
import { ConditionLabels } from '../status/condition-labels.js';
import { Facts } from '../status/facts.js';
import { TargetLabel } from '../status/target-label.js';

const texts = messages.gns;

/** A global namespace: its services and where they run, its policies, revisions and objectives. */
export function GnsDetails({ gns }: { gns: ShownGlobalNamespace }): ReactNode {
  return (
    <Grid hasGutter>
      <GridItem>
        <ConditionLabels conditions={gns.conditions} />
      </GridItem>
      <GridItem>
        <Facts
          facts={[
            [texts.domain, gns.domain],
            [texts.addresses, gns.vipCIDR],
            [texts.services, gns.services.totalCount],
          ]}
        />
      </GridItem>
      <GridItem>
        <Title headingLevel="h2">{texts.services}</Title>
        <Services gns={gns} />
      </GridItem>
      <GridItem lg={6}>
        <Title headingLevel="h2">{texts.clusters}</Title>
        <Targets gns={gns} />
      </GridItem>
      <GridItem lg={6}>
        <Title headingLevel="h2">{texts.policies}</Title>
        <Policies policies={gns.policies} />
      </GridItem>
      <GridItem lg={6}>
        <Title headingLevel="h2">{texts.revisions}</Title>
        <Revisions gns={gns} />
      </GridItem>
      <GridItem lg={6}>
        <Title headingLevel="h2">{texts.objectives}</Title>
        <Objectives slos={gns.slos} />
      </GridItem>
    </Grid>
  );
}

function Services({ gns }: { gns: ShownGlobalNamespace }): ReactNode {
  return (
    <WindowedColumns
      label={texts.services}
      columns={serviceColumns(gns)}
      useRows={furtherRows({ resource: gns, list: 'services', first: gns.services, of: servicesIn })}
      keyOf={({ id }) => id}
      empty={<Content component="p">{texts.noServices}</Content>}
    />
  );
}

const serviceColumns = (gns: ShownGlobalNamespace): readonly Column<ServiceRow>[] => [
  [
    texts.host,
    ({ host }) => (
      <Link to="/service" search={{ ...addressOf(gns), host }}>
        {host}
      </Link>
    ),
  ],
  [texts.vip, ({ vip }) => vip],
  [texts.ports, ({ ports }) => ports.map(({ number, protocol }) => `${number}/${protocol}`).join(', ')],
  [
    texts.members,
    ({ members }) =>
      members.nodes.map(({ clusterName, namespace, service }) => (
        <div key={`${clusterName}/${namespace}/${service}`}>
          <ResourceLink kind="Cluster" name={clusterName} />: {namespace}/{service}
        </div>
      )),
  ],
];

function Targets({ gns }: { gns: ShownGlobalNamespace }): ReactNode {
  return (
    <WindowedColumns
      label={texts.clusters}
      columns={TARGET_COLUMNS}
      useRows={furtherRows({ resource: gns, list: 'targets', first: gns.targets, of: targetsIn })}
      keyOf={({ id }) => id}
      empty={<Content component="p">{messages.cluster.noTargets}</Content>}
    />
  );
}

const TARGET_COLUMNS: readonly Column<TargetRow>[] = [
  [
    messages.cluster.kind,
    ({ cluster, clusterName }) =>
      cluster ? <ResourceLink kind="Cluster" name={cluster.name} /> : (clusterName ?? messages.cluster.deleted),
  ],
  [messages.cluster.status, ({ status }) => <TargetLabel status={status} />],
  [messages.cluster.applied, ({ applied, wanted }) => `${applied?.revision ?? '–'} / ${wanted.revision ?? '–'}`],
];

function Policies({ policies }: { policies: ShownGlobalNamespace['policies'] }): ReactNode {
  if (policies.length === 0) return <Content component="p">{texts.noPolicies}</Content>;
  return (
    <ul className="isthmus-plain">
      {policies.map(({ id, kind, name, projectName }) => (
        <li key={id}>
          <ResourceLink kind={kind} name={name} project={projectName} /> ({KINDS[kind].one})
        </li>
      ))}
    </ul>
  );
}

const addressOf = ({ name, projectName }: ShownGlobalNamespace): { gns: string; project?: string } => ({
  gns: name,
  ...(projectName ? { project: projectName } : {}),
});

function Revisions({ gns }: { gns: ShownGlobalNamespace }): ReactNode {
  return (
    <WindowedColumns
      label={texts.revisions}
      columns={revisionColumns(gns)}
      useRows={furtherRows({ resource: gns, list: 'revisions', first: gns.revisions, of: revisionsIn })}
      keyOf={({ id }) => id}
      empty={<Content component="p">{texts.noRevisions}</Content>}
    />
  );
}

const revisionColumns = (gns: ShownGlobalNamespace): readonly Column<RevisionRow>[] => [
  [texts.number, ({ number }) => number],
  [texts.compiled, ({ createdAt }) => <Instant at={createdAt} />],
  [
    texts.before,
    ({ number }) =>
      number > 1 ? (
        <Link to="/revisions" search={{ ...addressOf(gns), from: number - 1, to: number }}>
          {texts.diff}
        </Link>
      ) : null,
  ],
];

const STATUS = { MET: 'success', BREACHED: 'danger', NO_DATA: 'warning' } as const;

function Objectives({ slos }: { slos: ShownGlobalNamespace['slos'] }): ReactNode {
  if (slos.length === 0) return <Content component="p">{messages.states.unknown}</Content>;
  return (
    <ul className="isthmus-plain">
      {slos.map(({ policy, service, status, objective, attainment, observedAt }) => (
        <li key={`${policy?.name ?? ''} ${service ?? ''}`}>
          {policy ? <ResourceLink kind="SloPolicy" name={policy.name} /> : null} {service ?? ''}{' '}
          <Label isCompact status={STATUS[status]}>
            {status.toLowerCase().replace('_', ' ')}
          </Label>{' '}
          {percent(attainment)} / {percent(objective)}, <Instant at={observedAt} />
        </li>
      ))}
    </ul>
  );
}
