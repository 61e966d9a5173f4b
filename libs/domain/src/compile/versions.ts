import type { MemberEntry } from '../intent/entries.js';
import type { InventoryWorkload } from '../inventory/types.js';
import { byCodeUnit } from '../tree/canonical.js';

/** The versions that an entry of a member names; empty without labels. */
export type VersionsOf = Pick<MemberEntry, 'versions' | 'versionLabel'>;

const WELL_KNOWN = 'app.kubernetes.io/version';

const valuesOf = (workloads: readonly Pick<InventoryWorkload, 'labels'>[], label: string): string[] =>
  [...new Set(workloads.map(({ labels }) => labels[label] ?? ''))].filter((value) => value !== '').sort(byCodeUnit);

/**
 * The versions behind a service, by the convention of meshes: label `version`, or `app.kubernetes.io/version` where no workload
 * has it. A fact of inventory that is there whatever policies say, so policies never change a catalog.
 */
export function versionsOf(workloads: readonly Pick<InventoryWorkload, 'labels'>[]): VersionsOf {
  const versions = valuesOf(workloads, 'version');
  if (versions.length > 0) return { versions };
  const others = valuesOf(workloads, WELL_KNOWN);
  return others.length === 0 ? {} : { versions: others, versionLabel: WELL_KNOWN };
}
