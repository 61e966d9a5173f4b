import { useQuery } from '@apollo/client/react';
import { Title } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { topologyMessages as texts } from '../messages/topology-messages.js';
import { KINDS } from '../resources/kinds.js';
import { Asked } from '../shell/asked.js';
import { PageFrame } from '../shell/page-frame.js';
import { TopologySubjects } from './topology-document.js';

/** What there is a topology of, to choose from. */
export function Subjects(): ReactNode {
  const { data, error, refetch } = useQuery(TopologySubjects, { variables: { first: 100 } });
  return (
    <PageFrame title={texts.title} lead={texts.choose}>
      <Asked data={data} error={error} again={() => void refetch()}>
        {({ globalNamespaces, clusters }) => (
          <>
            <Title headingLevel="h2">{KINDS.GlobalNamespace.many}</Title>
            <ul className="isthmus-plain isthmus-subjects">
              {globalNamespaces.nodes.map(({ id, name, projectName }) => (
                <li key={id}>
                  <Link to="/topology" search={{ gns: name, ...(projectName ? { project: projectName } : {}) }}>
                    {name}
                  </Link>
                </li>
              ))}
            </ul>
            <Title headingLevel="h2">{KINDS.Cluster.many}</Title>
            <ul className="isthmus-plain isthmus-subjects">
              {clusters.nodes.map(({ id, name }) => (
                <li key={id}>
                  <Link to="/topology" search={{ cluster: name }}>
                    {name}
                  </Link>
                </li>
              ))}
            </ul>
          </>
        )}
      </Asked>
    </PageFrame>
  );
}
