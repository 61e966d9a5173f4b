import type { HostPort } from '@isthmus/domain';
import type { MemberRecord, PortContractRecord, VipRecord } from '@isthmus/store';
import { groupBy } from '../../core/group-by.js';

/** One global service: a host with its members. */
export interface GlobalServiceModel {
  typename: 'GlobalService';
  gns: string;
  host: string;
  vip: string | undefined;
  ports: (HostPort & { fixedBy: string })[];
  members: MemberRecord[];
}

interface Rows {
  members: readonly MemberRecord[];
  vips: readonly VipRecord[];
  ports: readonly PortContractRecord[];
}

/** The services of a global namespace from its recorded members, addresses and ports, by host. A released address names no service. */
export function servicesOf(gns: string, rows: Rows): GlobalServiceModel[] {
  const vips = new Map(
    rows.vips.filter(({ releasedAt }) => releasedAt === undefined).map((vip) => [vip.host, vip.address]),
  );
  const hosts = [...new Set([...rows.members.map(({ host }) => host), ...vips.keys()])].sort();
  const members = groupBy(rows.members, ({ host }) => host);
  const ports = groupBy(rows.ports, ({ host }) => host);
  return hosts.map((host) => ({
    typename: 'GlobalService',
    gns,
    host,
    vip: vips.get(host),
    ports: ports.get(host) ?? [],
    members: inOrder(members.get(host) ?? [], memberKeyOf),
  }));
}

/** By key in code units; each key is made once. */
function inOrder<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return items
    .map((item) => ({ key: keyOf(item), item }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}

/** `<cluster>/<namespace>/<service>`. */
export function memberKeyOf({ cluster, namespace, service }: MemberRecord): string {
  return `${cluster}/${namespace}/${service}`;
}
