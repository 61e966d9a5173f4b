import { HostPolicies, byCodeUnit, diffTrees, joinView, type GnsView, type HostView, type Tree } from '@isthmus/domain';

/** One version of a host that routes name, and a cluster that serves it. */
export interface OwnedVersion {
  host: string;
  version: string;
  /** Name of the cluster. */
  cluster: string;
}

/** What a change of policy names anew, and what it names no more; each sorted. */
export interface NameChange {
  comes: OwnedVersion[];
  goes: OwnedVersion[];
}

const ROUTES = /^(?:gns|host\/([^/]+))\/block\/routes\//;
const OF_HOST = /^host\/([^/]+)(?:\/|$)/;

/**
 * Compares two policies over one catalog by the versions that routes name: what callers in any cluster ask the gateways of owners for.
 * Policies whose blocks of routes are the same cost a comparison of trees; one host's blocks cost that host.
 */
export function changedNames(policies: { before: Tree; after: Tree }, catalog: Tree): NameChange {
  const { put, remove } = diffTrees(policies.before, policies.after);
  const hosts = hostsWithRoutes([...put.map(({ name }) => name), ...remove]);
  if (hosts.size === 0) return { comes: [], goes: [] };
  const of = (policy: Tree): Map<string, OwnedVersion> => {
    const isAsked = (name: string): boolean => hosts.has('') || isOf(hosts, name);
    const { view } = joinView(restricted(policy, isAsked), restricted(catalog, isAsked));
    return new Map(view === undefined ? [] : versionsNamed(view).map((one) => [keyOf(one), one]));
  };
  const [before, after] = [of(policies.before), of(policies.after)];
  return { comes: missing(after, before), goes: missing(before, after) };
}

/** Hosts whose own blocks changed; '' if those of the whole global namespace did. */
function hostsWithRoutes(names: readonly string[]): ReadonlySet<string> {
  const found = names.map((name) => ROUTES.exec(name)).filter((match) => match !== null);
  return new Set(found.map(([, host = '']) => host));
}

function isOf(hosts: ReadonlySet<string>, name: string): boolean {
  const host = OF_HOST.exec(name)?.[1];
  return host === undefined || hosts.has(host);
}

function restricted(tree: Tree, isAsked: (name: string) => boolean): Tree {
  return { ...tree, entries: new Map([...tree.entries].filter(([name]) => isAsked(name))) };
}

function versionsNamed(view: GnsView): OwnedVersion[] {
  return view.hosts.flatMap((host) => {
    const named = namedOn(view, host);
    if (named.size === 0) return [];
    return host.members
      .filter(({ state }) => state === 'served')
      .flatMap(({ versions = [], cluster }) =>
        versions.filter((version) => named.has(version)).map((version) => ({ host: host.host.host, version, cluster })),
      );
  });
}

function namedOn(view: GnsView, { host, ...of }: HostView): ReadonlySet<string | undefined> {
  const policies = new HostPolicies(view, of);
  if (policies.isEmpty) return new Set();
  const rules = host.ports.flatMap(({ number }) => policies.feature('routes', number)?.rules ?? []);
  return new Set(
    rules.flatMap(({ backends = [], mirror }) => [...backends, mirror]).flatMap((to) => to?.version ?? []),
  );
}

const keyOf = ({ host, version, cluster }: OwnedVersion): string => [host, version, cluster].join('\n');

function missing(here: ReadonlyMap<string, OwnedVersion>, there: ReadonlyMap<string, OwnedVersion>): OwnedVersion[] {
  return [...here]
    .filter(([key]) => !there.has(key))
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([, one]) => one);
}
