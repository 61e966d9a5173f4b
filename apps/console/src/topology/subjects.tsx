import { useQuery } from '@apollo/client/react';
import { Content, Title } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { topologyMessages as texts } from '../messages/topology-messages.js';
import { KINDS, type ResourceKind } from '../resources/kinds.js';
import { topologySearch, type TopologySearch } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { PageFrame } from '../shell/page-frame.js';
import { SearchBox } from '../shell/search-box.js';
import { Nothing } from '../shell/states.js';
import { TopologySubjects } from './topology-document.js';

const FIRST = 100;

/** What there is a topology of, to choose from. */
export function Subjects(): ReactNode {
  const { text } = useAddress(topologySearch);
  const change = useChangeAddress<TopologySearch>();
  const filter = text === undefined ? {} : { search: text };
  const { data, error, refetch } = useQuery(TopologySubjects, { variables: { first: FIRST, filter } });
  return (
    <PageFrame title={texts.title} lead={texts.choose}>
      <SearchBox
        label={texts.search}
        value={text}
        change={(next) => change(next === undefined ? {} : { text: next })}
      />
      <Asked data={data} error={error} again={() => void refetch()}>
        {({ globalNamespaces, clusters }) => (
          <>
            <Found kind="GlobalNamespace" text={text} found={globalNamespaces} />
            <Found kind="Cluster" text={text} found={clusters} />
          </>
        )}
      </Asked>
    </PageFrame>
  );
}

interface FoundProps {
  kind: Extract<ResourceKind, 'GlobalNamespace' | 'Cluster'>;
  /** What was searched for. */
  text: string | undefined;
  found: { totalCount: number | null; nodes: readonly { id: string; name: string; projectName?: string | null }[] };
}

function Found({ kind, text, found: { totalCount, nodes } }: FoundProps): ReactNode {
  const { one, many } = KINDS[kind];
  const none = text === undefined ? messages.list.none(one) : messages.list.noMatch(text);
  const searchOf = ({ name, projectName }: FoundProps['found']['nodes'][number]): TopologySearch =>
    kind === 'Cluster' ? { cluster: name } : { gns: name, ...(projectName ? { project: projectName } : {}) };
  return (
    <>
      <Title headingLevel="h2">{many}</Title>
      {nodes.length === 0 ? <Nothing title={none} /> : null}
      <ul className="isthmus-plain isthmus-subjects">
        {nodes.map((subject) => (
          <li key={subject.id}>
            <Link to="/topology" search={searchOf(subject)}>
              {subject.name}
            </Link>
          </li>
        ))}
      </ul>
      {(totalCount ?? 0) > nodes.length ? (
        <Content component="small">{texts.ofMany(nodes.length, totalCount ?? 0)}</Content>
      ) : null}
    </>
  );
}
