import { byCodeUnit } from '../tree/canonical.js';

/** Names one Kubernetes service behind one host. */
export interface MemberKey {
  host: string;
  cluster: string;
  namespace: string;
  service: string;
}

/** Name of the member's entry in the catalog; unique per member. */
export function memberEntryName({ host, cluster, namespace, service }: MemberKey): string {
  return `host/${host}/member/${cluster}/${namespace}/${service}`;
}

/** Name of a Kubernetes service in the organization. */
export function serviceKey({ cluster, namespace, service }: Omit<MemberKey, 'host'>): string {
  return `${cluster}/${namespace}/${service}`;
}

/** Order of members: by host, cluster, namespace, service. */
export function byMember(a: MemberKey, b: MemberKey): number {
  return byCodeUnit(a.host, b.host) || byCodeUnit(serviceKey(a), serviceKey(b));
}

/** The key alone. */
export function memberKey({ host, cluster, namespace, service }: MemberKey): MemberKey {
  return { host, cluster, namespace, service };
}
