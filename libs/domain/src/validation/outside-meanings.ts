import { blockEntries } from '../compile/policies/block-entries.js';
import { withDataGroups } from '../compile/policies/data-groups.js';
import { externalEntries } from '../compile/policies/external.js';
import { concerns } from '../compile/policies/targets.js';
import type { EgressGateway } from '../intent/egress-gateway.js';
import { HostPolicies } from '../intent/host-policies.js';
import { parseBlockEntry, parseExternalEntry } from '../intent/parse-entry.js';
import { isPolicy } from '../resources/schema/kinds.js';
import type { EgressPolicy, GlobalNamespace, Resource } from '../resources/types.js';
import { byCodeUnit, canonicalJson } from '../tree/canonical.js';
import type { Canonical } from '../tree/types.js';
import { ofKind, type World } from './world.js';

/** What a global namespace makes of a host outside of the mesh. */
export interface OutsideMeaning {
  host: string;
  /** Equal for equal meanings. */
  text: string;
  policy: { kind: string; project: string; name: string };
  /** Whose workloads it is for. */
  for: 'CONSUMERS' | 'MEMBERS';
  via?: EgressGateway;
}

const textOf = (meaning: object): string => canonicalJson(JSON.parse(JSON.stringify(meaning)) as Canonical);

function externalMeanings({ resources }: World, gns: GlobalNamespace): OutsideMeaning[] {
  return externalEntries(ofKind(resources, 'ExternalService'), gns, []).flatMap(({ body }) => {
    const parsed = parseExternalEntry(body);
    if (!parsed.ok) return [];
    const { project, name, hosts, kind: _, ...meaning } = parsed.value;
    return hosts.map((host): OutsideMeaning => ({
      ...{ host, text: textOf(meaning), policy: { kind: 'ExternalService', project, name }, for: 'CONSUMERS' },
      ...(meaning.via && { via: meaning.via }),
    }));
  });
}

function allowedMeanings({ resources }: World, gns: GlobalNamespace): OutsideMeaning[] {
  const blocks = blockEntries(egressOf(resources), gns, []).flatMap(({ body }) => {
    const parsed = parseBlockEntry(body);
    return parsed.ok ? [parsed.value] : [];
  });
  const [block] = new HostPolicies({ blocks }, {}).explain('egress').holds;
  if (block === undefined) return [];
  const { allow = [], via } = block.feature;
  return allow.flatMap(({ hosts = [], ports }) => {
    const resolution = (host: string) => (host.startsWith('*.') ? 'NONE' : 'DNS');
    return hosts.map((host): OutsideMeaning => ({
      ...{ host, text: textOf({ ports, resolution: resolution(host), via }), policy: block.policy, for: 'MEMBERS' },
      ...(via && { via }),
    }));
  });
}

/** Egress policies with what is in their data groups. */
const egressOf = (resources: readonly Resource[]): EgressPolicy[] =>
  withDataGroups(ofKind(resources, 'EgressPolicy'), resources.filter(isPolicy));

/** By host: an external service stands before what is let through, as it does where they are rendered. */
export function outsideMeanings(world: World, gns: GlobalNamespace): OutsideMeaning[] {
  const found = new Map<string, OutsideMeaning>();
  for (const meaning of [...externalMeanings(world, gns), ...allowedMeanings(world, gns)])
    if (!found.has(meaning.host)) found.set(meaning.host, meaning);
  return [...found.values()].sort((a, b) => byCodeUnit(a.host, b.host));
}

/** True if anything outside is said for the global namespace, which is cheap to see. */
export function hasOutside({ resources }: World, gns: GlobalNamespace): boolean {
  return [...ofKind(resources, 'ExternalService'), ...ofKind(resources, 'EgressPolicy')].some((policy) =>
    concerns(policy, gns),
  );
}
