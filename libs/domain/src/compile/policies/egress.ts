import type { Feature, FeatureOf } from '../../intent/features/features.js';
import type { EgressPolicySpec } from '../../resources/policies/egress-policy.js';
import { byCodeUnit, canonicalJson } from '../../tree/canonical.js';
import type { Canonical } from '../../tree/types.js';
import { WEB_PORTS } from './data-groups.js';
import { viaOf } from './via.js';

type Allowance = NonNullable<FeatureOf<'egress'>['allow']>[number];

const sorted = (texts: readonly string[]): string[] => [...new Set(texts)].sort(byCodeUnit);

function allowance({ hosts, cidrs, ports = WEB_PORTS }: NonNullable<EgressPolicySpec['allow']>[number]): Allowance {
  return {
    ...(hosts === undefined ? {} : { hosts: sorted(hosts) }),
    ...(cidrs === undefined ? {} : { cidrs: sorted(cidrs) }),
    ports: [...ports].sort((a, b) => a.number - b.number),
  };
}

/** The feature that an EgressPolicy asks for, once the members of its data groups stand in it. */
export function egressFeatures({ default: otherwise, allow = [], via }: EgressPolicySpec): Feature[] {
  const gateway = viaOf(via);
  const byText = new Map(allow.map(allowance).map((one) => [canonicalJson(one as Canonical), one]));
  const all = [...byText].sort(([a], [b]) => byCodeUnit(a, b)).map(([, one]) => one);
  return [
    {
      kind: 'egress',
      default: otherwise,
      ...(all.length === 0 ? {} : { allow: all }),
      ...(gateway && { via: gateway }),
    },
  ];
}
