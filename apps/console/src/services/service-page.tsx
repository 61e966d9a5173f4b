import { useQuery } from '@apollo/client/react';
import { Content, Grid, GridItem, Label, Title } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { DiffView } from '../resources/diff-view.js';
import { KINDS, type ResourceKind } from '../resources/kinds.js';
import { ResourceLink } from '../resources/resource-link.js';
import { serviceSearch } from '../search-params.js';
import { useAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { DataTable } from '../shell/data-table.js';
import { PageFrame } from '../shell/page-frame.js';
import { Nothing } from '../shell/states.js';
import { Facts } from '../status/facts.js';

const texts = messages.service;

const Service = graphql(`
  query Service($gns: String!, $project: String, $host: String!) {
    globalNamespace(name: $gns, project: $project) {
      id
      service(host: $host) {
        id
        name
        host
        vip
        servedMembers
        ports {
          name
          number
          protocol
        }
        members(first: 100) {
          totalCount
          nodes {
            clusterName
            namespace
            service
          }
        }
        effectivePolicies {
          encryption
          published {
            hosts
            clusters
            paths
            policy {
              kind
              project
              name
            }
          }
          features {
            feature
            ports
            holds {
              scope
              enforced
              fields
              policy {
                kind
                project
                name
              }
            }
            lost {
              scope
              reason
              policy {
                kind
                project
                name
              }
              against {
                kind
                project
                name
              }
            }
          }
        }
      }
    }
  }
`);

type Found = NonNullable<NonNullable<ResultOf<typeof Service>['globalNamespace']>['service']>;
type Effective = NonNullable<Found['effectivePolicies']>;
type Feature = Effective['features'][number];

/** A service of a global namespace: where it runs, and which policy each thing that holds for it comes from. */
export function ServicePage(): ReactNode {
  const { gns = '', project, host = '' } = useAddress(serviceSearch);
  const variables = { gns, project: project ?? null, host };
  const { data, error, refetch } = useQuery(Service, { variables });
  const lead = (
    <>
      {texts.of} <ResourceLink kind="GlobalNamespace" name={gns} project={project} />
    </>
  );
  return (
    <PageFrame title={host} lead={lead}>
      <Asked data={data} error={error} again={() => void refetch()}>
        {({ globalNamespace }) =>
          globalNamespace?.service ? (
            <Details service={globalNamespace.service} />
          ) : (
            <Nothing title={texts.missing(host)} body={messages.resource.missingBody} />
          )
        }
      </Asked>
    </PageFrame>
  );
}

function Details({ service }: { service: Found }): ReactNode {
  const { vip, ports, members, effectivePolicies: effective } = service;
  return (
    <Grid hasGutter>
      <GridItem>
        <Facts
          facts={[
            [messages.gns.vip, vip],
            [messages.gns.ports, ports.map(({ number, protocol }) => `${number}/${protocol}`).join(', ')],
            [texts.encryption, effective ? (effective.encryption ?? texts.meshDefault) : undefined],
          ]}
        />
      </GridItem>
      <GridItem>
        <Title headingLevel="h2">{messages.gns.members}</Title>
        <DataTable
          label={messages.gns.members}
          rows={members.nodes}
          keyOf={({ clusterName, namespace, service: name }) => `${clusterName}/${namespace}/${name}`}
          columns={[
            [messages.cluster.kind, ({ clusterName }) => <ResourceLink kind="Cluster" name={clusterName} />],
            [texts.namespace, ({ namespace }) => namespace],
            [texts.service, ({ service: name }) => name],
          ]}
        />
      </GridItem>
      <GridItem>
        <Title headingLevel="h2">{texts.effective}</Title>
        {effective ? <Features effective={effective} /> : <Content component="p">{texts.notCompiled}</Content>}
      </GridItem>
    </Grid>
  );
}

function Features({ effective: { features, published } }: { effective: Effective }): ReactNode {
  if (features.length + published.length === 0) return <Content component="p">{texts.noPolicies}</Content>;
  return (
    <>
      <DataTable
        label={texts.effective}
        rows={features}
        keyOf={({ feature, ports }) => `${feature} ${ports.join()}`}
        columns={[
          [texts.feature, ({ feature }) => feature],
          [messages.gns.ports, ({ ports }) => (ports.length === 0 ? texts.allPorts : ports.join(', '))],
          [texts.holds, (one) => <Holding feature={one} />],
          [texts.lost, (one) => <Losing feature={one} />],
        ]}
      />
      {published.map(({ policy, hosts, clusters }) => (
        <Content component="p" key={`${policy.project}/${policy.name}`}>
          {texts.published(hosts.join(', '), clusters.join(', '))} <Source source={policy} />
        </Content>
      ))}
    </>
  );
}

function Source({ source: { kind, project, name } }: { source: Feature['holds'][number]['policy'] }): ReactNode {
  const known = kind in KINDS ? (kind as ResourceKind) : undefined;
  return known === undefined ? `${kind} ${name}` : <ResourceLink kind={known} name={name} project={project} />;
}

function Holding({ feature: { feature, holds } }: { feature: Feature }): ReactNode {
  return holds.map(({ policy, scope, enforced, fields }) => (
    <div key={`${policy.kind}/${policy.project}/${policy.name} ${scope}`}>
      <Source source={policy} /> ({texts.scopes[scope]}){' '}
      {enforced ? (
        <Label isCompact status="info">
          {texts.enforced}
        </Label>
      ) : null}
      <DiffView label={`${feature} ${policy.name}`} diff={JSON.stringify(fields, null, 2)} />
    </div>
  ));
}

function Losing({ feature: { lost } }: { feature: Feature }): ReactNode {
  return lost.map(({ policy, scope, reason, against }) => (
    <div key={`${policy.kind}/${policy.project}/${policy.name} ${scope}`}>
      <Source source={policy} /> ({texts.scopes[scope]}): {texts.reasons[reason]}{' '}
      {reason === 'EXPIRED' ? null : <Source source={against} />}
    </div>
  ));
}
