import { byStrictness } from '../intent/encryption.js';
import { formatPath } from '../issues/field-path.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { didYouMean } from '../resources/text/did-you-mean.js';
import { DEFAULT_PROJECT } from '../resources/types.js';
import type { EncryptionPolicy, SloPolicy } from '../resources/types.js';
import { ofKind, refOf, scopedName, type GnsReach, type World, type WorldCheck } from './world.js';

/** Encryption policies that target each global namespace, by `<project>/<name>`; the first is the one that wins. */
export function encryptionByGns({ resources }: World): Map<string, EncryptionPolicy[]> {
  const found = new Map<string, EncryptionPolicy[]>();
  for (const policy of ofKind(resources, 'EncryptionPolicy')) {
    const project = policy.metadata.project ?? DEFAULT_PROJECT;
    for (const name of new Set(policy.spec.targets.map((target) => target.globalNamespace))) {
      const key = `${project}/${name}`;
      found.set(key, [...(found.get(key) ?? []), policy]);
    }
  }
  for (const policies of found.values()) policies.sort(strictestFirst);
  return found;
}

function strictestFirst(a: EncryptionPolicy, b: EncryptionPolicy): number {
  return byStrictness(b.spec.mode, a.spec.mode) || (a.metadata.name < b.metadata.name ? -1 : 1);
}

/** Several encryption policies on one global namespace: the losers are told. */
export const checkEncryption: WorldCheck = (world) => {
  const names = new Set(world.reaches.map(({ gns }) => scopedName(gns)));
  const contested = [...encryptionByGns(world)].filter(([name]) => names.has(name));
  return contested.flatMap(([name, [winner, ...losers]]) =>
    losers.map((loser) => {
      const rule = `${winner?.metadata.name ?? ''} (${winner?.spec.mode ?? ''})`;
      const message = `EncryptionPolicy ${rule} also targets ${name} and wins over ${loser.spec.mode}`;
      const index = loser.spec.targets.findIndex((target) => name.endsWith(`/${target.globalNamespace}`));
      return issue('ISM0112', { path: formatPath(['spec', 'targets', index]), message, resource: refOf(loser) });
    }),
  );
};

/** A policy for one service should name one that the global namespace has. */
export const checkTargetServices: WorldCheck = (world) => {
  const reaches = new Map(world.reaches.map((reach) => [scopedName(reach.gns), reach]));
  return ofKind(world.resources, 'SloPolicy').flatMap((policy) => unknownServices(policy, reaches));
};

function unknownServices(policy: SloPolicy, reaches: ReadonlyMap<string, GnsReach>): Issue[] {
  return policy.spec.targets.flatMap(({ globalNamespace, service }, index) => {
    const reach = reaches.get(`${policy.metadata.project ?? DEFAULT_PROJECT}/${globalNamespace}`);
    if (service === undefined || reach === undefined || reach.members.length === 0) return [];
    const plain = new Set(reach.members.map((member) => member.service.name));
    const full = new Set(reach.members.map((member) => `${member.service.name}.${member.namespace}`));
    if (plain.has(service) || full.has(service)) return [];
    const hint = didYouMean(service, [...plain].sort());
    const message = `${scopedName(reach.gns)} has no service ${service}`;
    const path = formatPath(['spec', 'targets', index, 'service']);
    return [issue('ISM0129', { path, message, resource: refOf(policy), ...(hint && { hint }) })];
  });
}
