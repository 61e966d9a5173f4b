import { hostName } from '../intent/host-name.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { serviceManifest } from '../issues/manifest-ref.js';
import { refOf, scopedName, type GnsReach, type WorldCheck } from './world.js';

/** A host of a global namespace stands for one namespace in each cluster. */
export const checkHosts: WorldCheck = ({ reaches }) => reaches.flatMap(hostsClaimedTwice);

function hostsClaimedTwice({ gns, members }: GnsReach): Issue[] {
  const first = new Map<string, string>();
  return members.flatMap(({ cluster, namespace, service }) => {
    const host = hostName(gns.spec, { name: service.name, namespace });
    const key = `${cluster}/${host}`;
    const holder = first.get(key);
    if (holder === undefined) first.set(key, namespace);
    if (holder === undefined || holder === namespace) return [];
    const message = `host ${host}: services of the namespaces ${holder} and ${namespace} both claim it`;
    const hint = 'set spec.hostTemplate to "{service}.{namespace}.{domain}"';
    const manifest = serviceManifest({ cluster, namespace, service: service.name });
    return [issue('ISM0113', { path: 'spec.members', message, hint, resource: refOf(gns), cluster, manifest })];
  });
}

/** A service has one home: the first global namespace, by project and name, keeps it where nothing is recorded. */
export const checkHomes: WorldCheck = ({ reaches }) => {
  const homes = new Map<string, string>();
  const sorted = [...reaches].sort((a, b) => (scopedName(a.gns) < scopedName(b.gns) ? -1 : 1));
  return sorted.flatMap(({ gns, members }) =>
    members.flatMap(({ cluster, namespace, service }) => {
      const key = `${cluster}/${namespace}/${service.name}`;
      const home = homes.get(key);
      if (home === undefined) homes.set(key, scopedName(gns));
      if (home === undefined || home === scopedName(gns)) return [];
      const message = `service ${namespace}/${service.name} is also claimed by GlobalNamespace ${home}`;
      const manifest = serviceManifest({ cluster, namespace, service: service.name });
      return [issue('ISM0114', { path: 'spec.members', message, resource: refOf(gns), cluster, manifest })];
    }),
  );
};
