import { byCodeUnit, type KubeObject } from '@isthmus/domain';
import { isItem, specItems, type Item } from './spec-items.js';

/** Where routes lead: a host, or a subset of it. */
export interface RoutedName {
  readonly host: string;
  readonly subset: string | undefined;
}

const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

const itemsIn = (value: unknown): Item[] => (Array.isArray(value) ? value.filter(isItem) : []);

function destinationsOf({ route, mirrors, mirror }: Item): Item[] {
  const listed = [...itemsIn(route), ...itemsIn(mirrors)].map(({ destination }) => destination);
  return [...listed, mirror].filter(isItem);
}

/**
 * What the routes of a virtual service name, each once, sorted. A host that it has the rules of is left out, unless it names a subset
 * of that: it is there as long as the rules can matter.
 */
export function routedNamesOf(virtualService: KubeObject): RoutedName[] {
  const own = new Set(isItem(virtualService.spec) ? textsIn(virtualService.spec['hosts']) : []);
  const routes = ['http', 'tls', 'tcp'].flatMap((field) => specItems(virtualService, field));
  const names = new Map<string, RoutedName>();
  for (const { host, subset } of routes.flatMap(destinationsOf)) {
    if (typeof host !== 'string') continue;
    const name = { host, subset: typeof subset === 'string' ? subset : undefined };
    if (name.subset !== undefined || !own.has(host)) names.set(`${host}\n${name.subset ?? ''}`, name);
  }
  return [...names].sort(([a], [b]) => byCodeUnit(a, b)).map(([, name]) => name);
}

/** Hosts that proxies reach by a destination rule or a service entry. */
export function hostsReachedBy({ kind, spec }: KubeObject): string[] {
  if (!isItem(spec)) return [];
  return kind === 'DestinationRule' ? textsIn([spec['host']]) : textsIn(spec['hosts']);
}
