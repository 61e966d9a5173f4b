import { count } from '../messages/count.js';

/** Texts about rendered objects. */
export const renderedMessages = {
  tab: 'Rendered objects',
  lead: 'What the wanted revision comes to here, as the agent renders it.',
  cluster: 'Cluster',
  namespace: 'Global namespace',
  allNamespaces: 'all global namespaces',
  kind: 'Kind',
  allKinds: 'all kinds',
  kindCount: (kind: string, number: number) => `${kind} (${number})`,
  place: 'Namespace',
  allPlaces: 'all namespaces',
  search: 'Name or host',
  sides: { OWNER: 'server’s side', CLIENT: 'callers’ side' },
  from: 'Comes from',
  fromUnknown: 'Too many policies have a say to tell here: ask for fewer objects.',
  total: (number: number) => count(number, 'object', 'objects'),
  omitted: (number: number) =>
    `${count(number, 'global namespace is', 'global namespaces are')} left out: choose one to see its objects.`,
  noTargets: 'No cluster has services or callers of it',
  noTargetsBody: 'Nothing is wanted of any cluster, or of none that you may see.',
  noInventory: 'This cluster has not reported what it has',
  noInventoryBody: 'Nothing can be rendered before its agent has.',
  nothing: 'Nothing is rendered here',
  nothingBody: 'No global namespace has services or callers in this cluster.',
  noMatch: 'No object matches',
  clear: 'Show all of them',
  missing: 'It has nothing in this cluster',
  missingBody: 'It has neither services nor callers there, or the cluster is gone.',
} as const;
