import { namedServices, placeOf } from '../compile/policies/targets.js';
import { formatPath } from '../issues/field-path.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { accessFinder } from '../lint/access-at.js';
import { named } from '../lint/host-patterns.js';
import { publicPlaces, type PublicPlace } from './public-places.js';
import { ofKind, refOf, type WorldCheck } from './world.js';

/** The hosts that a public service leads to, each with the place of its name in the spec. */
function hostsOf({ service, reach }: PublicPlace): { host: string; path: string }[] {
  return namedServices(service).flatMap(({ service: name, steps }) => {
    const place = placeOf(reach.gns, { service: name });
    return place === undefined ? [] : [{ host: place.slice('host/'.length), path: formatPath(steps) }];
  });
}

/** Publishing a service grants no access: where access policies close it, the namespace of the ingress gateway must be admitted. */
export const checkPublicAccess: WorldCheck = (world) => {
  if (ofKind(world.resources, 'AccessPolicy').length === 0) return [];
  const found = new Map<string, Issue>();
  for (const place of publicPlaces(world)) {
    const { reach, cluster, namespace, title } = place;
    const accessAt = accessFinder(reach, world);
    for (const { host, path } of hostsOf(place)) {
      const { closedBy, mayAdmit } = accessAt({ host });
      if (closedBy.length === 0 || mayAdmit({ cluster, namespace })) continue;
      const message = `AccessPolicy ${named(closedBy)} closes ${host}, and no rule admits namespace ${namespace} of the ingress gateway`;
      const hint = `add to an AccessPolicy: rules: [{action: ALLOW, from: [{namespaces: [${namespace}]}]}]`;
      found.set(
        `${title} ${path} ${namespace}`,
        issue('ISM0937', { path, message, hint, resource: refOf(place.service) }),
      );
    }
  }
  return [...found.values()];
};
