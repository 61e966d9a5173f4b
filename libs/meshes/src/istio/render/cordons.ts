import { byCodeUnit, type FeatureOf, type IssueCode, type MemberEntry } from '@isthmus/domain';
import type { RemoteMember } from './host-members.js';

/** Who can be called for a host, by the names of their clusters. */
interface Callable {
  callable?: MemberEntry;
  remotes: RemoteMember[];
}

interface Cordoned extends Callable {
  /** Clusters that are called only if all others fail. */
  cordoned: ReadonlySet<string>;
  told: { code: IssueCode; message: string }[];
}

const named = (cordons: readonly FeatureOf<'cordon'>[]): Set<string> =>
  new Set(cordons.flatMap(({ clusters }) => clusters));

function without({ callable, remotes }: Callable, gone: ReadonlySet<string>): Callable {
  return {
    ...(callable === undefined || gone.has(callable.cluster) ? {} : { callable }),
    remotes: remotes.filter(({ cluster }) => !gone.has(cluster.name)),
  };
}

const clustersOf = ({ callable, remotes }: Callable): string[] =>
  [...(callable === undefined ? [] : [callable.cluster]), ...remotes.map(({ cluster }) => cluster.name)].sort(
    byCodeUnit,
  );

/**
 * Takes cordoned clusters out of what workloads here call for a host: those of drains altogether, the rest becomes the last
 * resort. A host is never left with nobody, unless a drain is forced.
 */
export function withCordons(found: Callable, cordons: readonly FeatureOf<'cordon'>[]): Cordoned {
  const all = clustersOf(found);
  if (cordons.length === 0 || all.length === 0) return { ...found, cordoned: new Set(), told: [] };
  const names = all.join(', ');
  const left = without(found, named(cordons.filter(({ force }) => force === true)));
  if (clustersOf(left).length === 0) {
    const message = `Workloads here cannot call the host: a cordon with force covers every cluster that serves it (${names}).`;
    return { ...left, cordoned: new Set(), told: [{ code: 'ISM0879', message }] };
  }
  const resort = named(cordons);
  if (clustersOf(without(left, resort)).length === 0) {
    const message = `The cordon is not followed here, because nobody else serves the host (${names}).`;
    return { ...left, cordoned: new Set(), told: [{ code: 'ISM0877', message }] };
  }
  const kept = without(left, named(cordons.filter(({ drain }) => drain === true)));
  return { ...kept, cordoned: new Set(clustersOf(kept).filter((name) => resort.has(name))), told: [] };
}
