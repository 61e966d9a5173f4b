import { groupMatcher, type GroupMatcher } from '../service-groups.js';
import type { MemberEntry } from '../entries.js';
import type { CallersOfRule } from '../features/authorization.js';
import type { GnsView, HostView } from '../view.js';

/** Whether something holds for a caller: for all of its calls, some, or none. */
export type Extent = 'ALL' | 'SOME' | 'NONE';

/** A workload as the mesh knows it; without an account where none is known. */
export interface CallerIdentity {
  domain: string;
  namespace: string;
  account?: string;
}

/** Who stands behind a name of a rule. */
interface Named {
  accounts: ReadonlySet<string>;
  /** Namespaces of which an account is meant. */
  places: ReadonlySet<string>;
  /** Namespaces of members whose accounts are not known. */
  blind: ReadonlySet<string>;
}

/** Istio takes `cluster.local` for the trust domain of whoever reads it. */
const LOCAL_DOMAIN = 'cluster.local';

const placeOf = ({ domain, namespace }: CallerIdentity): string => `${domain}/${namespace}`;

/** Members that a rule names as `<service>` or `<service>.<namespace>`. */
function serviceMatcher(name: string): GroupMatcher {
  const [service = '', namespace] = name.split('.');
  return (member) => member.service === service && (namespace === undefined || member.namespace === namespace);
}

/** At least as much as each of them. */
export function most(extents: readonly Extent[]): Extent {
  if (extents.includes('ALL')) return 'ALL';
  return extents.includes('SOME') ? 'SOME' : 'NONE';
}

/** What names of callers in rules mean in one global namespace, as renderers resolve them: by service account and trust domain. */
export class NamedCallers {
  private readonly domains: ReadonlyMap<string, string>;
  private readonly members: readonly MemberEntry[];
  private readonly groups: ReadonlyMap<string, GroupMatcher>;
  private readonly named = new Map<string, Named>();

  constructor(view: Pick<GnsView, 'clusters' | 'hosts' | 'groups'>) {
    this.domains = new Map(view.clusters.map(({ name, trustDomain }) => [name, trustDomain]));
    this.members = view.hosts.flatMap(({ members }) => members);
    this.groups = new Map((view.groups ?? []).map((group) => [group.name, groupMatcher(group)]));
  }

  /** The workloads behind a host, each once. */
  identitiesOf({ members }: Pick<HostView, 'members'>): CallerIdentity[] {
    const all = members.flatMap(({ cluster, namespace, serviceAccounts = [] }): CallerIdentity[] => {
      const place = { domain: this.domainOf(cluster), namespace };
      return serviceAccounts.length === 0 ? [place] : serviceAccounts.map((account) => ({ ...place, account }));
    });
    return [...new Map(all.map((one) => [`${placeOf(one)}/${one.account ?? ''}`, one])).values()];
  }

  /** Trust domains of those who answer for a host, each once. */
  domainsOf({ members }: Pick<HostView, 'members'>): string[] {
    return [...new Set(members.map(({ cluster }) => this.domainOf(cluster)))];
  }

  /**
   * How much of a caller is meant by the workloads that a rule names, at servers of a trust domain. What is not known is admitted by
   * no ALLOW rule and refused by every DENY rule.
   */
  extent(from: CallersOfRule, action: 'ALLOW' | 'DENY', at: { caller: CallerIdentity; server: string }): Extent {
    const { serviceGroups = [], services = [], namespaces = [] } = from;
    if (serviceGroups.length + services.length + namespaces.length === 0) return 'ALL';
    const { caller, server } = at;
    if (action === 'ALLOW' && caller.domain === LOCAL_DOMAIN && server !== LOCAL_DOMAIN) return 'NONE';
    return most([
      ...namespaces.map((name): Extent => (name === caller.namespace ? 'ALL' : 'NONE')),
      ...services.map((name) => this.extentOf(this.behind(`service/${name}`, serviceMatcher(name)), action, caller)),
      ...serviceGroups.map((name): Extent => {
        const matches = this.groups.get(name);
        if (matches === undefined) return action === 'ALLOW' ? 'NONE' : 'ALL';
        return this.extentOf(this.behind(`group/${name}`, matches), action, caller);
      }),
    ]);
  }

  private extentOf({ accounts, places, blind }: Named, action: 'ALLOW' | 'DENY', caller: CallerIdentity): Extent {
    const place = placeOf(caller);
    if (action === 'DENY' && blind.has(place)) return 'ALL';
    if (caller.account !== undefined) return accounts.has(`${place}/${caller.account}`) ? 'ALL' : 'NONE';
    return places.has(place) ? 'SOME' : 'NONE';
  }

  private behind(key: string, matches: GroupMatcher): Named {
    const known = this.named.get(key);
    if (known !== undefined) return known;
    const found = this.identitiesOf({ members: this.members.filter(matches) });
    const withAccount = found.filter(({ account }) => account !== undefined);
    const named = {
      accounts: new Set(withAccount.map((one) => `${placeOf(one)}/${one.account ?? ''}`)),
      places: new Set(withAccount.map(placeOf)),
      blind: new Set(found.filter(({ account }) => account === undefined).map(placeOf)),
    };
    this.named.set(key, named);
    return named;
  }

  private domainOf(cluster: string): string {
    return this.domains.get(cluster) ?? '';
  }
}
