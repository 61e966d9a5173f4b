import { WorkloadIndex } from '../compile/workload-index.js';
import type { InventoryNamespace } from '../inventory/types.js';
import { isWithin } from './gateway-places.js';
import { grouped } from './grouped.js';
import type { HostedMember, LintSite, PlacedObject } from './lint-site.js';

type Labels = Readonly<Record<string, string>>;

/** Finds the labels of the workloads behind a member; of one without a known workload, what its service selects. */
export function labelsFinder(namespaces: ReadonlyMap<string, InventoryNamespace>): LintSite['labelsOf'] {
  const indexes = new Map<string, WorkloadIndex>();
  const known = new Map<HostedMember, readonly Labels[]>();
  const find = ({ namespace, service }: HostedMember): readonly Labels[] => {
    const index = indexes.get(namespace) ?? new WorkloadIndex(namespaces.get(namespace) ?? { workloads: [] });
    indexes.set(namespace, index);
    const labels = index.matching(service.selector).map((workload) => workload.labels);
    return labels.length === 0 ? [service.selector] : labels;
  };
  return (member) => {
    const labels = known.get(member) ?? find(member);
    known.set(member, labels);
    return labels;
  };
}

/** True if a workload selector takes workloads behind the member. */
export function selectsMember(site: LintSite, member: HostedMember, selector: Labels | undefined): boolean {
  return selector === undefined || site.labelsOf(member).some((labels) => isWithin(selector, labels));
}

/** True if a port of the workload may be one of the member's: a named port may be any. */
export function isMemberPort({ service }: HostedMember, port: number): boolean {
  return service.ports.some(({ targetPort }) => typeof targetPort === 'string' || targetPort === port);
}

/** Objects by their namespace, so that those of a member need not be sought among all. */
export const byNamespace = (objects: readonly PlacedObject[]): ReadonlyMap<string, readonly PlacedObject[]> =>
  grouped(objects, ({ namespace }) => namespace);
