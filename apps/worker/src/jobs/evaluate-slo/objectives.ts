import {
  CURRENT_COMPILER,
  compilePolicy,
  parseSloEntry,
  type GlobalNamespace,
  type SloEntry,
  type SloPolicy,
  type SloPolicySpec,
} from '@isthmus/domain';
import type { ResourceRecord } from '@isthmus/store';
import { documentOf } from '../../compile/documents.js';

/** One policy on one global namespace. */
export interface Objective {
  gns: string;
  /** Uid of the policy. */
  slo: string;
  entry: SloEntry;
  /** `all`: every host of the global namespace. */
  hosts: 'all' | readonly string[];
}

const HOST_PLACE = /^host\/([^/]+)\/slo\//;

/** The compiled entries of one policy, so that what is evaluated is what agents are told. */
function objectiveOf(gns: GlobalNamespace, policy: SloPolicy): Pick<Objective, 'entry' | 'hosts'> | undefined {
  const input = { gns, policies: [policy], clusters: [], clusterGroups: [], compilerVersion: CURRENT_COMPILER };
  const entries = [...(compilePolicy(input).tree?.entries.values() ?? [])].filter(({ name }) => name.includes('/slo/'));
  const [first] = entries;
  const parsed = first === undefined ? undefined : parseSloEntry(first.body);
  if (parsed?.ok !== true) return undefined;
  const hosts = entries.map(({ name }) => HOST_PLACE.exec(name)?.[1]);
  const named = hosts.filter((host) => host !== undefined);
  return { entry: parsed.value, hosts: named.length < hosts.length ? 'all' : named.sort() };
}

function mayTarget(policy: ResourceRecord, gns: ResourceRecord): boolean {
  const { targets } = policy.spec as SloPolicySpec;
  return policy.project === gns.project && targets.some(({ globalNamespace }) => globalNamespace === gns.name);
}

/** Objectives of stored policies on stored global namespaces. A target that does not exist has none. */
export function objectivesOf(records: readonly ResourceRecord[]): Objective[] {
  const policies = records.filter(({ kind }) => kind === 'SloPolicy');
  const namespaces = records.filter(({ kind }) => kind === 'GlobalNamespace');
  return namespaces.flatMap((record) => {
    const gns = documentOf(record) as GlobalNamespace;
    const targeting = policies.filter((policy) => mayTarget(policy, record));
    return targeting.flatMap((each) => {
      const found = objectiveOf(gns, documentOf(each) as SloPolicy);
      return found === undefined ? [] : [{ gns: record.uid, slo: each.uid, ...found }];
    });
  });
}
