import type { KubeObject } from '@isthmus/domain';
import { NAMES } from '../names.js';
import { rulesOf, type OptIn } from '../rights.js';
import type { InstallationValues } from '../values.js';
import { metadataOf } from './place.js';

const RBAC = 'rbac.authorization.k8s.io';
const API = `${RBAC}/v1`;

/** The ServiceAccount and its roles. `writeNamespaces`: where it may write mesh configuration; none means everywhere. */
export function accessObjects(
  namespace: string,
  { writeNamespaces = [], envoyFilters = false }: NonNullable<InstallationValues['rbac']>,
): KubeObject[] {
  const optedIn: OptIn[] = envoyFilters ? ['envoyFilters'] : [];
  const { agent, meshWriter } = NAMES;
  const account = { kind: 'ServiceAccount', name: agent, namespace };
  const bind = (kind: 'ClusterRole' | 'Role', name: string) => ({
    roleRef: { apiGroup: RBAC, kind, name },
    subjects: [account],
  });
  const cluster = (kind: string, name: string, rest: object): KubeObject => ({
    ...{ apiVersion: API, kind, metadata: metadataOf(name), ...rest },
  });
  const within = (kind: string, name: string, place: { namespace: string; rest: object }): KubeObject => ({
    ...{ apiVersion: API, kind, metadata: metadataOf(name, place.namespace), ...place.rest },
  });
  const places = [...new Set([namespace, ...writeNamespaces])].sort();
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: metadataOf(agent, namespace),
      automountServiceAccountToken: false,
    },
    cluster('ClusterRole', agent, { rules: rulesOf('cluster', optedIn) }),
    cluster('ClusterRole', meshWriter, { rules: rulesOf('mesh', optedIn) }),
    cluster('ClusterRoleBinding', agent, bind('ClusterRole', agent)),
    ...(writeNamespaces.length === 0
      ? [cluster('ClusterRoleBinding', meshWriter, bind('ClusterRole', meshWriter))]
      : places.map((place) =>
          within('RoleBinding', meshWriter, { namespace: place, rest: bind('ClusterRole', meshWriter) }),
        )),
    within('Role', agent, { namespace, rest: { rules: rulesOf('own') } }),
    within('RoleBinding', agent, { namespace, rest: bind('Role', agent) }),
  ];
}
