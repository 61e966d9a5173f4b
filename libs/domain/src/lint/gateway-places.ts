import type { ClusterView } from '../membership/members.js';
import { gatewayWithDefaults } from '../resources/defaults.js';
import { labelsMatch } from '../membership/selector.js';

/** Pods that serve as east-west gateway of a cluster. */
export interface GatewayPlace {
  namespace: string;
  selector: Record<string, string>;
  /** Labels of the pods, where a workload was seen; else those that they are selected by. */
  labels: Readonly<Record<string, string>>[];
  /** Ports that they listen on. */
  ports: number[];
}

/** The gateways that the cluster record names, else those that were found. */
export function gatewayPlaces({ cluster, inventory }: ClusterView): GatewayPlace[] {
  const found = inventory.gateways;
  const declared = (cluster.spec.gateways ?? []).map(gatewayWithDefaults);
  const places = declared.length > 0 ? declared : found;
  return places.map(({ namespace, selector, port }) => {
    const same = found.filter((one) => one.namespace === namespace && isWithin(selector, one.selector));
    const workloads = inventory.namespaces.find(({ name }) => name === namespace)?.workloads ?? [];
    const labels = workloads.map((workload) => workload.labels).filter((some) => isWithin(selector, some));
    return {
      namespace,
      selector,
      labels: labels.length === 0 ? [selector] : labels,
      ports: same.length === 0 ? [port] : [...new Set(same.map((one) => one.port))],
    };
  });
}

/** True if labels carry everything that a selector asks for; an empty selector takes all. */
export function isWithin(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  return selector === undefined || labelsMatch({ matchLabels: { ...selector } }, labels);
}
