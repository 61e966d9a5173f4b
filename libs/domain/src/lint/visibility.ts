import type { MeshExportDefaults } from '../inventory/types.js';
import type { LintSite, PlacedObject } from './lint-site.js';

const DEFAULTS: Readonly<Record<string, keyof MeshExportDefaults>> = {
  ServiceEntry: 'services',
  VirtualService: 'virtualServices',
  DestinationRule: 'destinationRules',
};

/** True if workloads of a namespace see the object, by its own exportTo or the mesh's default. */
export function isSeenIn(site: LintSite, { namespace, object }: PlacedObject, viewer: string): boolean {
  const byDefault = DEFAULTS[object.kind];
  const exportTo = object.exportTo ?? (byDefault && site.mesh.exportTo?.[byDefault]) ?? ['*'];
  return exportTo.some((to) => to === '*' || to === viewer || (to === '.' && namespace === viewer));
}

/** Namespaces of consumers that see the object; sorted. */
export function seenBy(site: LintSite, placed: PlacedObject): string[] {
  return [...site.consumers].filter((viewer) => isSeenIn(site, placed, viewer)).sort();
}
