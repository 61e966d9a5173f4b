import { byCodeUnit, type KubeObject, type KubeObjectRef } from '@isthmus/domain';
import { withContentHash } from './content-hash.js';
import { endpointParts } from './istio/linger/endpoint-parts.js';
import { destinationRuleParts, gatewayParts } from './istio/linger/listed-parts.js';
import { hostsReachedBy, routedNamesOf, type RoutedName } from './istio/linger/routed-names.js';
import { isItem } from './istio/linger/spec-items.js';
import { isUnaddressedEntry, unaddressedEntry } from './istio/linger/unaddressed.js';
import type { RenderedObject, Side } from './renderer.js';

/** What of an object others name: it must stand before they do so, and until none does any more. */
export interface NamedParts {
  /** Names of parts that stand and are not wanted any more, sorted. `beside`: what is wanted of the same host. */
  lost(standing: KubeObject, wanted: KubeObject, beside: readonly KubeObject[]): string[];
  /** What is wanted, with these parts of what stands; always the same bytes for the same content. */
  keep(standing: KubeObject, wanted: KubeObject, parts: ReadonlySet<string>): KubeObject;
}

const ROUTES = 'networking.istio.io/v1/VirtualService';
const ENTRY = 'networking.istio.io/v1/ServiceEntry';

const PARTS: ReadonlyMap<string, NamedParts> = new Map([
  ['networking.istio.io/v1/DestinationRule', destinationRuleParts],
  [ENTRY, endpointParts],
  ['networking.istio.io/v1/Gateway', gatewayParts],
]);

const WAYS: ReadonlySet<string> = new Set(['networking.istio.io/v1/DestinationRule', ENTRY]);

const kindOf = ({ apiVersion, kind }: Pick<KubeObjectRef, 'apiVersion' | 'kind'>): string => `${apiVersion}/${kind}`;

/** True if others name parts of objects of this kind. */
export function hasNamedParts(object: KubeObject): boolean {
  return PARTS.has(kindOf(object));
}

/** Names of what stands in an object, is not wanted any more, and may still be named by others. */
export function lostParts(standing: KubeObject, wanted: KubeObject, beside: readonly KubeObject[]): string[] {
  return PARTS.get(kindOf(wanted))?.lost(standing, wanted, beside) ?? [];
}

/** The wanted object with these parts of the standing one, and a content hash of its own. */
export function withLostParts(
  standing: KubeObject,
  wanted: RenderedObject,
  parts: ReadonlySet<string>,
): RenderedObject {
  const kept = PARTS.get(kindOf(wanted.object))?.keep(standing, wanted.object, parts) ?? wanted.object;
  return { ...wanted, object: withContentHash(kept) };
}

/** True for routes of no host of a global namespace, such as those of a gateway: they lead to hosts that their namespace must see. */
export function leadsFromOutside(owned: KubeObjectRef & { side: Side; host?: string }): boolean {
  return owned.side === 'client' && owned.host === undefined && kindOf(owned) === ROUTES;
}

/** The wanted service entry, seen by those of the namespaces that see the standing one; undefined if it is seen by them all the same. */
export function withViewers(
  standing: KubeObject,
  wanted: RenderedObject,
  namespaces: ReadonlySet<string>,
): RenderedObject | undefined {
  if (kindOf(wanted.object) !== ENTRY) return undefined;
  const known = new Set(viewersOf(wanted.object));
  const kept = viewersOf(standing).filter((namespace) => namespaces.has(namespace) && !known.has(namespace));
  if (kept.length === 0 || known.has('*')) return undefined;
  const exportTo = [...known, ...kept].sort(byCodeUnit);
  const spec = { ...(isItem(wanted.object.spec) ? wanted.object.spec : {}), exportTo };
  return { ...wanted, object: withContentHash({ ...wanted.object, spec }) };
}

function viewersOf({ spec }: KubeObject): string[] {
  const exportTo = isItem(spec) ? spec['exportTo'] : undefined;
  return Array.isArray(exportTo) ? exportTo.filter((one): one is string => typeof one === 'string') : [];
}

/** True if callers in other clusters may still reach the object after it stopped being wanted: a gateway, or a host behind one. */
export function isReachedByName(owned: KubeObjectRef & { side: Side; host?: string }): boolean {
  if (owned.side !== 'owner') return false;
  const kind = kindOf(owned);
  return kind === 'networking.istio.io/v1/Gateway' || (kind === ENTRY && owned.host !== undefined);
}

/** Hosts and subsets that the routes of an object name, each once, sorted; without the host whose rules they are. */
export function routedNames(object: KubeObject): readonly RoutedName[] {
  return kindOf(object) === ROUTES ? routedNamesOf(object) : [];
}

/** Hosts that an object makes reachable for callers, or says how they are reached. */
export function reachedHosts(object: KubeObject): readonly string[] {
  return WAYS.has(kindOf(object)) ? hostsReachedBy(object) : [];
}

/** The wanted object of callers as it may stand before the host of it resolves; undefined where it cannot, or need not. */
export function beforeItResolves(wanted: RenderedObject): RenderedObject | undefined {
  const { side, host, object } = wanted;
  if (side !== 'client' || host === undefined || kindOf(object) !== ENTRY) return undefined;
  const early = unaddressedEntry(object);
  return early === undefined ? undefined : { ...wanted, object: withContentHash(early) };
}

/** True if an object stands as `beforeItResolves` has it. */
export function standsUnresolved(object: KubeObject): boolean {
  return kindOf(object) === ENTRY && isUnaddressedEntry(object);
}
