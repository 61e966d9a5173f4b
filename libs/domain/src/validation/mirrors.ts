import { reaches, targetsOf } from '../compile/policies/targets.js';
import { formatPath } from '../issues/field-path.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { didYouMean } from '../resources/text/did-you-mean.js';
import type { TrafficPolicy } from '../resources/types.js';
import { ofKind, refOf, scopedName, type GnsReach, type WorldCheck } from './world.js';

interface PlacedMirror {
  service: string;
  port?: number | undefined;
  path: string;
}

/** Mirrors of a policy to other services. */
function mirrorsOf({ spec }: TrafficPolicy): PlacedMirror[] {
  return (spec.routes?.rules ?? []).flatMap(({ mirror }, index) => {
    if (mirror?.service === undefined) return [];
    const { service, port } = mirror;
    return [{ service, port, path: formatPath(['spec', 'routes', 'rules', index, 'mirror']) }];
  });
}

/** A service that gets copies of its own requests does everything twice. */
function toThemselves(policy: TrafficPolicy, mirrors: readonly PlacedMirror[]): Issue[] {
  const own = new Set(targetsOf(policy).map(({ service }) => service));
  return mirrors
    .filter(({ service }) => own.has(service))
    .map(({ service, path }) =>
      issue('ISM0866', {
        path,
        message: `service ${service} would get copies of its own requests`,
        resource: refOf(policy),
      }),
    );
}

/** What a mirror lacks in one global namespace; nothing while no service of it is known. */
function missing(
  { gns, members }: GnsReach,
  { service, port }: PlacedMirror,
): { message: string; hint?: string } | undefined {
  if (members.length === 0) return undefined;
  const named = members.filter(
    (member) => service === member.service.name || service === `${member.service.name}.${member.namespace}`,
  );
  const title = scopedName(gns);
  if (named.length === 0) {
    const hint = didYouMean(service, [...new Set(members.map((member) => member.service.name))].sort());
    return { message: `${title} has no service ${service}`, ...(hint && { hint }) };
  }
  if (port === undefined || named.some((member) => member.service.ports.some(({ number }) => number === port)))
    return undefined;
  return { message: `service ${service} of ${title} has no port ${port}` };
}

/** Mirrors lead to another service that is there, at a port that it has. */
export const checkMirrors: WorldCheck = ({ resources, reaches: all }) =>
  ofKind(resources, 'TrafficPolicy').flatMap((policy) => {
    const mirrors = mirrorsOf(policy);
    if (mirrors.length === 0) return [];
    const here = all.filter(({ gns }) => targetsOf(policy).some((target) => reaches(policy, target, gns)));
    const lost = mirrors.flatMap((mirror) =>
      here.flatMap((reach) => {
        const fault = missing(reach, mirror);
        return fault === undefined ? [] : [issue('ISM0867', { path: mirror.path, resource: refOf(policy), ...fault })];
      }),
    );
    return [...toThemselves(policy, mirrors), ...lost];
  });
