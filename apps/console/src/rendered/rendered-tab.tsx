import { Content } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import type { ShownCluster, ShownGlobalNamespace } from '../resources/resource-document.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Nothing } from '../shell/states.js';
import { Choice } from './rendered-filter.js';
import { renderedMessages as texts } from './rendered-messages.js';
import { RenderedObjects } from './rendered-objects.js';
import { renderedSearch, type RenderedSearch } from './rendered-search.js';

/** Rendered objects of a cluster, of all global namespaces or one; or of a global namespace, in one of its clusters. */
export function RenderedTab({ resource }: { resource: ShownCluster | ShownGlobalNamespace }): ReactNode {
  return (
    <>
      <Content component="p">{texts.lead}</Content>
      {resource.__typename === 'Cluster' ? <OfCluster cluster={resource} /> : <OfNamespace gns={resource} />}
    </>
  );
}

function useOf(): { of: string | undefined; chooseOf: (of: string | undefined) => void } {
  const { project, tab, of } = useAddress(renderedSearch);
  const change = useChangeAddress<RenderedSearch>();
  return { of, chooseOf: (next) => change({ project, tab, of: next }, { replace: true }) };
}

function OfCluster({ cluster }: { cluster: ShownCluster }): ReactNode {
  const { of, chooseOf } = useOf();
  const all = cluster.targets.nodes.flatMap(({ globalNamespace }) => globalNamespace ?? []);
  const keyOf = ({ name, projectName }: (typeof all)[number]): string => `${projectName ?? ''}/${name}`;
  const chosen = all.find((one) => keyOf(one) === of);
  return (
    <>
      <Choice
        label={texts.namespace}
        value={of}
        none={texts.allNamespaces}
        options={all.map((one) => [keyOf(one), keyOf(one)])}
        choose={chooseOf}
      />
      <RenderedObjects
        cluster={cluster.name}
        gns={chosen && { name: chosen.name, project: chosen.projectName ?? null }}
      />
    </>
  );
}

function OfNamespace({ gns }: { gns: ShownGlobalNamespace }): ReactNode {
  const { of, chooseOf } = useOf();
  const clusters = gns.targets.nodes.flatMap(({ cluster }) => cluster?.name ?? []).sort();
  const chosen = clusters.find((one) => one === of) ?? clusters[0];
  if (chosen === undefined) return <Nothing title={texts.noTargets} body={texts.noTargetsBody} />;
  return (
    <>
      <Choice label={texts.cluster} value={chosen} options={clusters.map((one) => [one, one])} choose={chooseOf} />
      <RenderedObjects cluster={chosen} gns={{ name: gns.name, project: gns.projectName ?? null }} />
    </>
  );
}
