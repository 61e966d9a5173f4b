import { Alert, Content, Grid, GridItem, Label, ProgressStep, ProgressStepper, Title } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { IssueList } from '../issues/issue-list.js';
import { messages } from '../messages/messages.js';
import type { ShownCluster } from '../resources/resource-document.js';
import { ResourceLink } from '../resources/resource-link.js';
import { Instant } from '../shell/times.js';
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
        {agent?.lastError ? <Alert isInline variant="warning" title={agent.lastError} /> : null}
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
        <InventoryTable inventory={cluster.inventory} />
      </GridItem>
      <GridItem>
        <Title headingLevel="h2">{texts.targets}</Title>
        <Targets targets={cluster.targets.nodes} />
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

function InventoryTable({ inventory }: { inventory: ShownCluster['inventory'] }): ReactNode {
  if (!inventory) return <Content component="p">{texts.noInventory}</Content>;
  return (
    <>
      <Content component="small">
        <Instant at={inventory.observedAt} />
      </Content>
      <Table aria-label={texts.inventory} variant="compact">
        <Thead>
          <Tr>
            <Th>{texts.namespaces}</Th>
            <Th>{texts.status}</Th>
          </Tr>
        </Thead>
        <Tbody>
          {inventory.namespaces.nodes.map(({ name, readable, services }) => (
            <Tr key={name}>
              <Td dataLabel={texts.namespaces}>{name}</Td>
              <Td dataLabel={texts.status}>{readable ? texts.services(services.length) : texts.unreadable}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </>
  );
}

function Targets({ targets }: { targets: ShownCluster['targets']['nodes'] }): ReactNode {
  if (targets.length === 0) return <Content component="p">{texts.noTargets}</Content>;
  return (
    <Table aria-label={texts.targets} variant="compact">
      <Thead>
        <Tr>
          <Th>{messages.gns.kind}</Th>
          <Th>{texts.status}</Th>
          <Th>{texts.wanted}</Th>
          <Th>{texts.applied}</Th>
          <Th>{texts.objects}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {targets.map(({ id, globalNamespace, status, wanted, applied }) => (
          <Tr key={id}>
            <Td dataLabel={messages.gns.kind}>
              {globalNamespace ? (
                <ResourceLink
                  kind="GlobalNamespace"
                  name={globalNamespace.name}
                  project={globalNamespace.projectName}
                />
              ) : null}
            </Td>
            <Td dataLabel={texts.status}>
              <TargetLabel status={status} />
            </Td>
            <Td dataLabel={texts.wanted}>{wanted.revision ?? messages.states.unknown}</Td>
            <Td dataLabel={texts.applied}>{applied?.revision ?? messages.states.unknown}</Td>
            <Td dataLabel={texts.objects}>{applied?.objectCount}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
