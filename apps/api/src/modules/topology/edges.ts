import type { BlockEntry, CallVerdict, JudgedCalls } from '@isthmus/domain';
import type { Shape } from './shape.js';
import type { PlacedService } from './topology-model.js';

/** What becomes of calls between two things that are shown. */
export interface EdgeModel extends JudgedCalls {
  /** Ids of a service, or of a group. */
  from: string;
  to: string;
  /** Services at the other end for which it holds. */
  services: number;
}

interface Pair {
  from: string;
  to: string;
  calls: JudgedCalls[];
}

/** Who may call a service that is shown, and whom it may call; of other global namespaces nothing is known. */
export function edgesOf(id: string, { shown, groups }: Shape): EdgeModel[] {
  const center = shown.find((service) => service.id === id);
  if (center === undefined) return [];
  const { judge } = center.compiled;
  const others = (services: readonly PlacedService[]) =>
    services.filter((one) => one !== center && one.compiled === center.compiled);
  const pairs = (other: PlacedService, as: string): Pair[] => [
    { from: as, to: id, calls: judge.judge(other.host, center.host) },
    { from: id, to: as, calls: judge.judge(center.host, other.host) },
  ];
  const single = others(shown).flatMap((other) => pairs(other, other.id));
  const together = groups.flatMap((group) => summed(others(group.services).flatMap((other) => pairs(other, group.id))));
  return [
    ...single.flatMap(({ calls, ...ends }) => calls.map((one) => ({ ...ends, ...one, services: 1 }))),
    ...together,
  ];
}

/** Of many services: how many have some port of which the same holds. */
function summed(pairs: readonly Pair[]): EdgeModel[] {
  const found = new Map<string, EdgeModel>();
  for (const { from, to, calls } of pairs)
    for (const [key, one] of byVerdict(calls)) {
      const known = found.get(`${from} ${key}`);
      if (known === undefined) found.set(`${from} ${key}`, { from, to, ...one, ports: [], services: 1 });
      else Object.assign(known, { services: known.services + 1, policies: union(known.policies, one.policies) });
    }
  return [...found.values()];
}

/** Each verdict of a service once, whatever its ports are. */
function byVerdict(
  calls: readonly JudgedCalls[],
): Map<string, Pick<JudgedCalls, 'verdict' | 'rehearsal' | 'policies'>> {
  const found = new Map<string, { verdict: CallVerdict; policies: BlockEntry['policy'][] }>();
  for (const { ports: _ports, ...one } of calls) {
    const key = `${one.verdict} ${one.rehearsal ?? ''}`;
    found.set(key, { ...one, policies: union(found.get(key)?.policies ?? [], one.policies) });
  }
  return found;
}

function union(a: BlockEntry['policy'][], b: readonly BlockEntry['policy'][]): BlockEntry['policy'][] {
  const byName = new Map([...a, ...b].map((one) => [`${one.kind}/${one.project}/${one.name}`, one]));
  return [...byName.values()];
}
