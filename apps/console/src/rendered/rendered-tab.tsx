import { useQuery } from '@apollo/client/react';
import { Content } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import type { ResultOf } from '../connection/graphql.js';
import type { ShownCluster, ShownGlobalNamespace } from '../resources/resource-document.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { SearchField } from '../shell/search-choice.js';
import type { Chosen } from '../shell/search-list.js';
import { Nothing } from '../shell/states.js';
import { questionOf, RenderedDocument, type Configuration, type RenderedQuestion } from './rendered-document.js';
import { renderedMessages as texts } from './rendered-messages.js';
import { RenderedObjects } from './rendered-objects.js';
import { placeOptions } from './rendered-places.js';
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
  return (
    <PlaceChoice
      label={texts.namespace}
      resource={cluster}
      place={of}
      none={texts.allNamespaces}
      choose={(next) => chooseOf(next === '' ? undefined : next)}
    />
  );
}

function InCluster({ gns, shown }: { gns: ShownGlobalNamespace; shown: string | undefined }): ReactNode {
  const { of = shown, chooseOf } = useOf();
  if (gns.targets.totalCount === 0) return null;
  return <PlaceChoice label={texts.cluster} resource={gns} place={of} choose={(next) => next && chooseOf(next)} />;
}

interface PlaceChoiceProps extends Pick<RenderedTabProps, 'resource'> {
  label: string;
  place: string | undefined;
  /** What it means that none is chosen, where that may be. */
  none?: string;
  /** Called with the name, which is empty where none is chosen. */
  choose: (place: string) => void;
}

/** Found by name among all of them; one of the address that is none of them stays, so that nobody wonders why nothing is shown. */
function PlaceChoice({ label, resource, place = '', none, choose }: PlaceChoiceProps): ReactNode {
  const shown = { id: place, text: place };
  const [written, setWritten] = useState<Chosen | undefined>(undefined);
  return (
    <div
      className="isthmus-place"
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setWritten(undefined);
      }}
    >
      <SearchField
        id="rendered-place"
        label={label}
        value={written ?? shown}
        {...(none === undefined ? {} : { none })}
        write={(next) => {
          const isChosen = next.id !== '' || (next.text === '' && none !== undefined);
          setWritten(isChosen ? undefined : next);
          if (isChosen) choose(next.id);
        }}
        useOptions={placeOptions(resource)}
      />
    </div>
  );
}

function None({ gns }: { gns: RenderedTabProps['resource'] }): ReactNode {
  if (gns.targets.totalCount === 0) return <Nothing title={texts.noTargets} body={texts.noTargetsBody} />;
  return <Nothing title={texts.missing} body={texts.missingBody} />;
}
