import { byCodeUnit, checkDomain, type HostView } from '@isthmus/domain';

/** What follows the first label of a host. */
export const domainOf = (host: string): string => host.slice(host.indexOf('.') + 1);

/**
 * True of a host that the global namespace had under an earlier domain: every member drains, so nobody calls it any more, and
 * its servers stay until open connections have ended. Nothing else may lie outside the domain, and never under a reserved one.
 */
export function isLeftBehind({ host: { host }, members }: HostView, domain: string): boolean {
  if (host.endsWith(`.${domain}`) || checkDomain(domainOf(host)) !== undefined) return false;
  return members.length > 0 && members.every(({ state }) => state === 'draining');
}

/** Domains beside the present one that hosts with a member in this cluster still drain under; sorted. */
export function leftDomains(hosts: readonly HostView[], { domain, cluster }: { domain: string; cluster: string }) {
  const left = hosts.filter(
    (view) => isLeftBehind(view, domain) && view.members.some((member) => member.cluster === cluster),
  );
  return [...new Set(left.map(({ host }) => domainOf(host.host)))].sort(byCodeUnit);
}
