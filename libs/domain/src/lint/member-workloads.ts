import { isWithin } from './gateway-places.js';
import type { HostedMember, LintSite } from './lint-site.js';

type Labels = Readonly<Record<string, string>>;

/** Labels of the workloads behind a member; of one without a known workload, what its service selects. */
export function workloadLabels(site: LintSite, member: HostedMember): Labels[] {
  const { selector } = member.service;
  const workloads = site.namespaces.get(member.namespace)?.workloads ?? [];
  const labels = workloads.map((workload) => workload.labels).filter((some) => isWithin(selector, some));
  return labels.length === 0 ? [selector] : labels;
}

/** True if a workload selector takes workloads behind the member. */
export function selectsMember(site: LintSite, member: HostedMember, selector: Labels | undefined): boolean {
  return workloadLabels(site, member).some((labels) => isWithin(selector, labels));
}

/** True if a port of the workload may be one of the member's: a named port may be any. */
export function isMemberPort({ service }: HostedMember, port: number): boolean {
  return service.ports.some(({ targetPort }) => typeof targetPort === 'string' || targetPort === port);
}
