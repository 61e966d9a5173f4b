import { useQuery } from '@apollo/client/react';
import { Content } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import type { ResultOf } from '../connection/graphql.js';
import type { ShownCluster, ShownGlobalNamespace } from '../resources/resource-document.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { Nothing } from '../shell/states.js';
import { questionOf, RenderedDocument, type Configuration, type RenderedQuestion } from './rendered-document.js';
import { Choice } from './rendered-filter.js';
import { renderedMessages as texts } from './rendered-messages.js';
import { RenderedObjects } from './rendered-objects.js';
import { renderedSearch, type RenderedSearch } from './rendered-search.js';

interface RenderedTabProps {
  resource: ShownCluster | ShownGlobalNamespace;
  /** What was asked for together with the resource. */
  along: RenderedQuestion | undefined;
}

/** Rendered objects of a cluster, of all global namespaces or one; or of a global namespace, in one of its clusters. */
export function RenderedTab({ resource, along }: RenderedTabProps): ReactNode {
  const { error, again, ...found } = useRendered({ resource, along });
  return (
    <>
      <Content component="p">{texts.lead}</Content>
      {resource.__typename === 'Cluster' ? (
        <OfCluster cluster={resource} />
      ) : (
        <InCluster gns={resource} shown={found.rendered?.cluster} />
      )}
      <Asked data={found.rendered} error={error} again={again}>
        {({ configuration }) =>
          configuration === null ? <None gns={resource} /> : <RenderedObjects configuration={configuration} />
        }
      </Asked>
    </>
  );
}

/** What is rendered, and in which cluster; null: there is no such cluster. */
interface Rendered {
  configuration: Configuration | null;
  cluster?: string | undefined;
}

interface RenderedAnswer {
  /** Undefined while it is on its way. */
  rendered: Rendered | undefined;
  error: Error | undefined;
  again: () => void;
}

/** What came with the resource, if that is what the address asks for; or else it is asked for alone. */
function useRendered({ resource, along }: RenderedTabProps): RenderedAnswer {
  const { kind, name, projectName } = resource;
  const question = questionOf(kind, useAddress(renderedSearch));
  const came = JSON.stringify(question) === JSON.stringify(along) ? renderedIn(resource) : undefined;
  const variables = { ...question, kind, name, project: projectName ?? null };
  const { data, error, refetch } = useQuery(RenderedDocument, { variables, skip: came !== undefined });
  const found = came ?? renderedIn(data?.resource);
  return { rendered: useShown(found, question), error, again: () => void refetch() };
}

/** What was shown there stays until what is chosen of it has come: whoever chooses by keyboard goes on from where he is. */
function useShown(found: Rendered | undefined, { of, ofProject }: RenderedQuestion): Rendered | undefined {
  const place = JSON.stringify([of, ofProject]);
  const [last, setLast] = useState({ place, found });
  if (found !== undefined && (last.place !== place || last.found?.configuration !== found.configuration))
    setLast({ place, found });
  return found ?? (last.place === place ? last.found : undefined);
}

type Found = ResultOf<typeof RenderedDocument>['resource'] | ShownCluster | ShownGlobalNamespace;

function renderedIn(found: Found | undefined): Rendered | undefined {
  if (!found) return undefined;
  if ('meshConfiguration' in found) return { configuration: found.meshConfiguration };
  if (!('target' in found)) return undefined;
  const { clusterName, meshConfiguration } = found.target ?? {};
  return { configuration: meshConfiguration ?? null, cluster: clusterName ?? undefined };
}

function useOf(): { of: string | undefined; chooseOf: (of: string | undefined) => void } {
  const { project, tab, of } = useAddress(renderedSearch);
  const change = useChangeAddress<RenderedSearch>();
  return { of, chooseOf: (next) => change({ project, tab, of: next }, { replace: true }) };
}

function OfCluster({ cluster }: { cluster: ShownCluster }): ReactNode {
  const { of, chooseOf } = useOf();
  const all = cluster.targets.nodes.flatMap(({ globalNamespace }) => globalNamespace ?? []);
  const names = all.map(({ name, projectName }) => `${projectName ?? ''}/${name}`).sort();
  return (
    <Choice
      label={texts.namespace}
      value={of}
      none={texts.allNamespaces}
      options={names.map((one) => [one, one])}
      choose={chooseOf}
    />
  );
}

function InCluster({ gns, shown }: { gns: ShownGlobalNamespace; shown: string | undefined }): ReactNode {
  const { of = shown, chooseOf } = useOf();
  const names = gns.targets.nodes.flatMap(({ clusterName }) => clusterName ?? []).sort();
  if (names.length === 0) return null;
  return <Choice label={texts.cluster} value={of} options={names.map((one) => [one, one])} choose={chooseOf} />;
}

function None({ gns }: { gns: RenderedTabProps['resource'] }): ReactNode {
  if (gns.targets.totalCount === 0) return <Nothing title={texts.noTargets} body={texts.noTargetsBody} />;
  return <Nothing title={texts.missing} body={texts.missingBody} />;
}
