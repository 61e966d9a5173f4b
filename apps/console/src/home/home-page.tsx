import { useQuery } from '@apollo/client/react';
import {
  Card,
  CardBody,
  CardTitle,
  Content,
  Gallery,
  GalleryItem,
  Grid,
  GridItem,
  Label,
} from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { Forbidden } from '../access/forbidden.js';
import { IssueWay } from '../issues/issue-way.js';
import { messages } from '../messages/messages.js';
import { neededFor } from '../resources/kinds.js';
import { HoldSubjects } from '../holds/hold-subjects.js';
import { ResourceLink } from '../resources/resource-link.js';
import { Asked } from '../shell/asked.js';
import { PageFrame } from '../shell/page-frame.js';
import { Nothing } from '../shell/states.js';
import { Instant } from '../shell/times.js';
import { percent } from '../slos/slo-numbers.js';
import { ActorParts, actorText } from '../status/actor-name.js';
import { SeverityLabel } from '../status/severity-label.js';
import { causeOf, isReady, isUnmeasured } from './readiness.js';

const FIRST = 100;
const texts = messages.home;

const Home = graphql(
  `
    query Home($first: Int!) {
      viewer {
        placesToCreate(kind: Cluster, permissions: ["agents.write"]) {
          kind
          name
        }
        recentChanges {
          id
          at
          by {
            ...ActorParts
          }
          action
          subjectKind
          name
        }
        organization {
          id
          displayName
        }
      }
      clusters(first: $first) {
        totalCount
        nodes {
          id
          name
          agent {
            connected
            lastSeenAt
          }
        }
      }
      globalNamespaces(first: $first) {
        totalCount
        nodes {
          id
          name
          projectName
          conditions {
            type
            status
            reason
            message
          }
          slos {
            service
            status
            attainment
            objective
            observedAt
            policy {
              id
              name
              projectName
            }
          }
        }
      }
      holds(first: 10) {
        totalCount
        nodes {
          id
          kind
          count
          since
          globalNamespace {
            id
            name
            projectName
          }
          clusterName
          cluster {
            id
            name
          }
        }
      }
      issues(first: 10, filter: { severities: [ERROR, WARNING] }) {
        totalCount
        nodes {
          code
          severity
          title
          message
          cluster
        }
      }
    }
  `,
  [ActorParts],
);

type HomeData = ResultOf<typeof Home>;

/** What an administrator wants to know first. */
export function HomePage(): ReactNode {
  const { data, error, refetch } = useQuery(Home, { variables: { first: FIRST } });
  return (
    <PageFrame title={texts.title} lead={data?.viewer.organization.displayName}>
      <Asked data={data} error={error} again={() => void refetch()}>
        {(found) => <Overview data={found} />}
      </Asked>
    </PageFrame>
  );
}

function Overview({ data }: { data: HomeData }): ReactNode {
  if (data.clusters.totalCount === 0) {
    if (data.viewer.placesToCreate.length === 0)
      return <Forbidden title={texts.firstCluster} lacking={neededFor('Cluster')} />;
    return (
      <Nothing title={texts.firstCluster} body={texts.firstClusterBody}>
        <Link to="/onboard" className="pf-v6-c-button pf-m-primary">
          {messages.cluster.onboard}
        </Link>
      </Nothing>
    );
  }
  return (
    <Grid hasGutter>
      <GridItem>
        <Counts data={data} />
      </GridItem>
      <GridItem lg={6}>
        <Objectives data={data} />
      </GridItem>
      <GridItem lg={6}>
        <Holds data={data} />
      </GridItem>
      <GridItem lg={6}>
        <WorstIssues data={data} />
      </GridItem>
      <GridItem lg={6}>
        <Recent data={data} />
      </GridItem>
    </Grid>
  );
}

interface CountProps {
  to: string;
  title: string;
  total: number;
  detail?: string;
  note?: string | undefined;
  children?: ReactNode;
}

function Count({ to, title, total, detail, note, children }: CountProps): ReactNode {
  return (
    <GalleryItem>
      <Card isFullHeight isCompact>
        <CardTitle component="h2">
          <Link to={to}>{title}</Link>
        </CardTitle>
        <CardBody>
          <Content component="p" className="isthmus-figure">
            {total}
          </Content>
          {detail === undefined ? null : <Content component="p">{detail}</Content>}
          {note === undefined ? null : <Content component="small">{note}</Content>}
          {children}
        </CardBody>
      </Card>
    </GalleryItem>
  );
}

function Counts({ data: { clusters, globalNamespaces, issues } }: { data: HomeData }): ReactNode {
  const connected = clusters.nodes.filter(({ agent }) => agent?.connected === true).length;
  const ready = globalNamespaces.nodes.filter(({ conditions }) => isReady(conditions)).length;
  const note = (total: number | null, shown: number): string | undefined =>
    (total ?? 0) > shown ? texts.ofFirst(shown) : undefined;
  return (
    <Gallery hasGutter>
      <Count
        to="/clusters"
        title={texts.clusters}
        total={clusters.totalCount ?? clusters.nodes.length}
        detail={texts.connected(connected, clusters.nodes.length)}
        note={note(clusters.totalCount, clusters.nodes.length)}
      />
      <Count
        to="/global-namespaces"
        title={texts.namespaces}
        total={globalNamespaces.totalCount ?? globalNamespaces.nodes.length}
        detail={texts.applied(ready, globalNamespaces.nodes.length)}
        note={note(globalNamespaces.totalCount, globalNamespaces.nodes.length)}
      >
        <Unready namespaces={globalNamespaces.nodes} />
      </Count>
      <Count to="/issues" title={texts.issues} total={issues.totalCount ?? issues.nodes.length} />
    </Gallery>
  );
}

const MOST_UNREADY = 3;

/** Global namespaces that are not ready, each with the cause; and that health is not known where nobody measures it. */
function Unready({ namespaces }: { namespaces: HomeData['globalNamespaces']['nodes'] }): ReactNode {
  const causes = namespaces.flatMap((gns) => {
    const cause = causeOf(gns.conditions);
    return cause === undefined ? [] : [{ gns, cause }];
  });
  return (
    <>
      <ul className="isthmus-plain">
        {causes.slice(0, MOST_UNREADY).map(({ gns: { id, name, projectName }, cause }) => (
          <li key={id}>
            <ResourceLink kind="GlobalNamespace" name={name} project={projectName} />: {cause.type}, {cause.message}
          </li>
        ))}
      </ul>
      {causes.length > MOST_UNREADY ? (
        <Content component="small">{texts.moreUnready(causes.length - MOST_UNREADY)}</Content>
      ) : null}
      {namespaces.some(({ conditions }) => isUnmeasured(conditions)) ? (
        <Content component="small">{texts.unmeasured}</Content>
      ) : null}
    </>
  );
}

function Panel({ title, to, children }: { title: string; to?: string; children: ReactNode }): ReactNode {
  return (
    <Card isFullHeight isCompact>
      <CardTitle component="h2">{to === undefined ? title : <Link to={to}>{title}</Link>}</CardTitle>
      <CardBody>{children}</CardBody>
    </Card>
  );
}

function Objectives({ data }: { data: HomeData }): ReactNode {
  const breached = data.globalNamespaces.nodes.flatMap((gns) =>
    gns.slos.filter(({ status }) => status === 'BREACHED').map((slo) => ({ gns, slo })),
  );
  return (
    <Panel title={texts.objectives} to="/slos">
      {breached.length === 0 ? texts.noObjectives : null}
      <ul className="isthmus-plain">
        {breached.map(({ gns, slo: { policy, service, attainment, objective, observedAt } }) => (
          <li key={`${gns.id} ${policy?.id ?? ''} ${service ?? ''}`}>
            <ResourceLink kind="GlobalNamespace" name={gns.name} project={gns.projectName} /> {service ?? ''}{' '}
            <Label isCompact status="danger">
              {percent(attainment)}
            </Label>{' '}
            / {percent(objective)}, <Instant at={observedAt} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Holds({ data: { holds } }: { data: HomeData }): ReactNode {
  return (
    <Panel title={`${texts.holds} (${holds.totalCount ?? holds.nodes.length})`} to="/decisions">
      {holds.nodes.length === 0 ? messages.holds.none : null}
      <ul className="isthmus-plain">
        {holds.nodes.map(({ id, count, since, ...subjects }) => (
          <li key={id}>
            {messages.list.total(count)} <HoldSubjects {...subjects} />, <Instant at={since} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function WorstIssues({ data: { issues } }: { data: HomeData }): ReactNode {
  return (
    <Panel title={texts.issues}>
      {issues.nodes.length === 0 ? texts.noIssues : null}
      <ul className="isthmus-plain">
        {issues.nodes.map(({ code, severity, title, message, cluster }, index) => (
          <li key={`${code} ${index}`}>
            <SeverityLabel severity={severity} /> <IssueWay code={code}>{`${code}: ${title ?? message}`}</IssueWay>{' '}
            {cluster ? `(${cluster})` : ''}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Recent({ data }: { data: HomeData }): ReactNode {
  const changes = data.viewer.recentChanges;
  return (
    <Panel title={texts.recent}>
      {changes ? null : texts.noAudit}
      {changes?.length === 0 ? texts.noChanges : null}
      <ul className="isthmus-plain">
        {changes?.map(({ id, at, by, action, subjectKind, name }) => (
          <li key={id}>
            <Instant at={at} />: {action} {subjectKind} {name} ({actorText(by)})
          </li>
        ))}
      </ul>
    </Panel>
  );
}
