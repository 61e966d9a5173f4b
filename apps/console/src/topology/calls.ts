import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import type { ResultOf, VariablesOf } from '../connection/graphql.js';
import { TopologyDocument, type ShownEdge, type ShownTopology } from './topology-document.js';

/** What is asked of a topology, whatever is selected in it. */
export type TopologyQuestion = Omit<VariablesOf<typeof TopologyDocument>, 'whole' | 'of' | 'hasOf'>;

/**
 * The node whose calls come with the topology: the one that was selected when the rest of the question changed last. So a page that is
 * opened with a selection asks once, and selecting does not ask for the topology again.
 */
export function useNodeAlong(question: TopologyQuestion, node: string | undefined): string | undefined {
  const key = JSON.stringify(question);
  const [kept, setKept] = useState({ key, node });
  if (kept.key === key) return kept.node;
  setKept({ key, node });
  return node;
}

/** Calls of what is selected; undefined while they are on their way. */
export interface SelectedCalls {
  calls: readonly ShownEdge[] | undefined;
  error: Error | undefined;
  again: () => void;
}

interface Selection {
  question: TopologyQuestion;
  topology: ShownTopology;
  node: string | undefined;
  /** Of which node the topology tells the calls. */
  along: string | undefined;
}

const NONE: readonly ShownEdge[] = [];

/** Calls of the selected service: those that came with the topology, or asked for alone. Groups have none. */
export function useCalls({ question, topology, node, along }: Selection): SelectedCalls {
  const isAlone = node !== along && topology.services.some(({ id }) => id === node);
  const { data, error, refetch } = useQuery(TopologyDocument, {
    variables: { ...question, whole: false, of: node ?? '', hasOf: true },
    skip: !isAlone,
    // Kept beside the topology they would be a change of it for everything that shows it.
    fetchPolicy: 'no-cache',
  });
  if (node === undefined || (!isAlone && node !== along)) return { calls: NONE, error: undefined, again };
  const found = isAlone ? callsIn(data) : (topology.edges ?? NONE);
  return { calls: found, error, again: () => void refetch() };
}

const again = (): void => undefined;

function callsIn(data: ResultOf<typeof TopologyDocument> | undefined): readonly ShownEdge[] | undefined {
  if (data === undefined) return undefined;
  const { resource } = data;
  if (resource?.__typename === 'GlobalNamespace') return resource.topology?.edges ?? NONE;
  return (resource?.__typename === 'Cluster' ? resource.here.edges : undefined) ?? NONE;
}
