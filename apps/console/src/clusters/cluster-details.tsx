import { Alert, Content, Grid, GridItem, Label, ProgressStep, ProgressStepper, Title } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { IssueList } from '../issues/issue-list.js';
import { messages } from '../messages/messages.js';
import { furtherRows, namespacesIn, targetsIn } from '../resources/further-rows.js';
import type { ShownCluster } from '../resources/resource-document.js';
import { ResourceLink } from '../resources/resource-link.js';
import type { NamespaceRow, TargetRow } from '../resources/row-parts.js';
import type { Column } from '../shell/data-table.js';
import { Instant } from '../shell/times.js';
import { WindowedColumns } from '../shell/windowed-columns.js';
import { ConditionLabels } from '../status/condition-labels.js';
import { Facts } from '../status/facts.js';
import { TargetLabel } from '../status/target-label.js';

const texts = messages.cluster;

/** What is known of a cluster, with the age of each remote fact. */
export function ClusterDetails({ cluster }: { cluster: ShownCluster }): ReactNode {
  const { agent, mesh, conditions, locality, network, trustDomain } = cluster;
  return (
    <Grid hasGutter>
      <GridItem>
        <ConditionLabels conditions={conditions} />
      </GridItem>
      <GridItem>
        <Facts
          facts={[
            [texts.mesh, [mesh.kind, mesh.mode, mesh.version].filter(Boolean).join(', ')],
            [texts.agent, <AgentState key="agent" agent={agent} />],
            [texts.version, agent?.version],
            [texts.lastSeen, <Instant key="seen" at={agent?.lastSeenAt} />],
            [texts.trustDomain, trustDomain],
            [texts.network, network],
            [texts.locality, locality],
          ]}
        />
        {agent?.lastError ? <Alert component="h2" isInline variant="warning" title={agent.lastError} /> : null}
      </GridItem>
      <GridItem lg={6}>
        <Title headingLevel="h2">{texts.steps}</Title>
        <OnboardingSteps onboarding={cluster.onboarding} />
        {cluster.viewerCanOnboard ? (
          <Link to="/onboard" search={{ cluster: cluster.name }}>
            {texts.onboardThis}
          </Link>
        ) : null}
      </GridItem>
      <GridItem lg={6}>
        <Title headingLevel="h2">{texts.inventory}</Title>
        <InventoryTable cluster={cluster} />
      </GridItem>
      <GridItem>
        <Title headingLevel="h2">{texts.targets}</Title>
        <Targets cluster={cluster} />
      </GridItem>
    </Grid>
  );
}

function AgentState({ agent }: { agent: ShownCluster['agent'] }): ReactNode {
  if (!agent) return <Label status="info">{texts.never}</Label>;
  return agent.connected ? (
    <Label status="success">{texts.connected}</Label>
  ) : (
    <Label status="danger">{texts.disconnected}</Label>
  );
}

const VARIANT = { DONE: 'success', ACTIVE: 'info', FAILED: 'danger', WAITING: 'pending', UNKNOWN: 'warning' } as const;

/** The steps from a token to the first configuration in place. */
export function OnboardingSteps({ onboarding }: { onboarding: ShownCluster['onboarding'] }): ReactNode {
  return (
    <ProgressStepper isVertical aria-label={texts.steps}>
      {onboarding.steps.map(({ step, state, message, lastError }) => (
        <ProgressStep
          key={step}
          id={step}
          titleId={`${step}-title`}
          variant={VARIANT[state]}
          isCurrent={state === 'ACTIVE'}
          aria-label={`${texts.stepNames[step]}: ${state.toLowerCase()}`}
          description={
            <>
              {message}
              {lastError ? <IssueList issues={[lastError]} /> : null}
            </>
          }
        >
          {texts.stepNames[step]}
        </ProgressStep>
      ))}
    </ProgressStepper>
  );
}

function InventoryTable({ cluster }: { cluster: ShownCluster }): ReactNode {
  const { inventory } = cluster;
  if (!inventory) return <Content component="p">{texts.noInventory}</Content>;
  return (
    <>
      <Content component="small">
        <Instant at={inventory.observedAt} />
      </Content>
      <WindowedColumns
        label={texts.inventory}
        columns={NAMESPACE_COLUMNS}
        useRows={furtherRows({ resource: cluster, list: 'namespaces', first: inventory.namespaces, of: namespacesIn })}
        keyOf={({ name }) => name}
        empty={null}
      />
    </>
  );
}

const NAMESPACE_COLUMNS: readonly Column<NamespaceRow>[] = [
  [texts.namespaces, ({ name }) => name],
  [texts.status, ({ readable, services }) => (readable ? texts.services(services.length) : texts.unreadable)],
];

function Targets({ cluster }: { cluster: ShownCluster }): ReactNode {
  return (
    <WindowedColumns
      label={texts.targets}
      columns={TARGET_COLUMNS}
      useRows={furtherRows({ resource: cluster, list: 'targets', first: cluster.targets, of: targetsIn })}
      keyOf={({ id }) => id}
      empty={<Content component="p">{texts.noTargets}</Content>}
    />
  );
}

const TARGET_COLUMNS: readonly Column<TargetRow>[] = [
  [
    messages.gns.kind,
    ({ globalNamespace: gns }) =>
      gns ? <ResourceLink kind="GlobalNamespace" name={gns.name} project={gns.projectName} /> : null,
  ],
  [texts.status, ({ status }) => <TargetLabel status={status} />],
  [texts.wanted, ({ wanted }) => wanted.revision ?? messages.states.unknown],
  [texts.applied, ({ applied }) => applied?.revision ?? messages.states.unknown],
  [texts.objects, ({ applied }) => applied?.objectCount],
];
