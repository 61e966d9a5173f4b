import { issue, type Issue, type IssueCode } from '@isthmus/domain';
import { objectName } from '@isthmus/meshes';
import type { MemberRecord } from '@isthmus/store';

/** By these an agent says that an object of its own does not stand as it is wanted. */
const NOT_IN_PLACE: ReadonlySet<string> = new Set<IssueCode>([
  'ISM0430',
  'ISM0431',
  'ISM0432',
  'ISM0441',
  'ISM0443',
  'ISM0481',
]);

/** `<group>/<version>/<Kind>/<namespace>/<name>`, as agents name objects. */
const KEY = /^[a-z0-9.-]+\/v\w+\/(Gateway|ServiceEntry|PeerAuthentication)\/([a-z0-9.-]+)\/([a-z0-9.-]+)$/;

interface ObjectKey {
  kind: string;
  namespace: string;
  name: string;
}

/** The objects that are not in place by a report, as far as they may be of the owner's side; each once. */
export function missingObjects(issues: readonly Issue[]): ObjectKey[] {
  const found = issues.flatMap(({ code, path, message }): [string, ObjectKey][] => {
    const key = path === '' ? (message.split(': ', 1)[0] ?? '') : path;
    const [, kind, namespace, name] = (NOT_IN_PLACE.has(code) ? KEY.exec(key) : null) ?? [];
    if (kind === undefined || namespace === undefined || name === undefined) return [];
    return [[key, { kind, namespace, name }]];
  });
  return [...new Map(found).values()];
}

/** One cluster's report about one global namespace. */
export interface OwnerReport {
  cluster: string;
  gns: NonNullable<Issue['resource']>;
  missing: readonly ObjectKey[];
  members: readonly Pick<MemberRecord, 'cluster' | 'host' | 'state'>[];
}

const SHOWN = 3;

/** What the report means for other clusters: hosts that clients there are given, and that are not whole where they are owned. */
export function missingOwnerIssues({ cluster, gns, missing, members }: OwnerReport): Issue[] {
  const served = members.filter((one) => one.cluster === cluster && one.state === 'served').map(({ host }) => host);
  const hosts = [...new Set(served)].sort();
  return missing.flatMap((object) => {
    const concerned = hosts.filter((host) => serves(object, host));
    if (concerned.length === 0) return [];
    const more = concerned.length > SHOWN ? ` and ${concerned.length - SHOWN} more` : '';
    const message = `clients of other clusters are given ${concerned.slice(0, SHOWN).join(', ')}${more} of ${cluster}, where ${object.kind} ${object.namespace}/${object.name} is not in place`;
    return [issue('ISM0820', { message, cluster, resource: gns })];
  });
}

/** A Gateway opens all hosts; the other objects of the owner's side are named after their host. */
function serves({ kind, name }: ObjectKey, host: string): boolean {
  switch (kind) {
    case 'Gateway':
      return true;
    case 'ServiceEntry':
      return name === objectName(host, 'owner');
    default:
      return name === objectName(host);
  }
}
