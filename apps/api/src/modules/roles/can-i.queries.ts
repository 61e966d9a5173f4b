import { DEFAULT_PROJECT, RESOURCE_KINDS } from '@isthmus/domain';
import { isPermission, ORGANIZATION_ONLY, type Permission } from '../../auth/permissions.js';
import { ORGANIZATION, type Place } from '../../auth/places.js';
import { scopesToCreate } from '../../auth/scopes-to-create.js';
import { clusterPlace } from '../../auth/viewer.js';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { badInput } from '../../graphql/connection.js';
import type { Context } from '../../graphql/context.js';
import { needs } from '../../graphql/guard.js';
import { ViewerType } from '../organizations/organizations.queries.js';
import { findResource, keyOf } from '../resources/resource-list.js';
import { ResourceKindEnum } from '../resources/resource.type.js';
import { AccessScope } from './role.type.js';

const PlaceInput = builder.inputType('PlaceInput', {
  description: 'Where something is. Nothing given: the whole organization.',
  fields: (t) => ({
    project: t.string({ description: 'A project; of a global namespace its own, `default` if not given.' }),
    globalNamespace: t.string({ description: 'A global namespace by name.' }),
    clusterGroup: t.string({ description: 'A cluster group.' }),
    cluster: t.string({ description: 'A cluster by name.' }),
  }),
});

/** Undefined: a cluster that the caller may not read, where it may do nothing either. */
async function placeOf(input: typeof PlaceInput.$inferInput, context: Context): Promise<Place | undefined> {
  const { project, globalNamespace, clusterGroup, cluster } = input;
  const given = [globalNamespace ?? project, clusterGroup, cluster].filter((name) => Boolean(name));
  if (given.length > 1) throw badInput('give either a project or global namespace, or a cluster group, or a cluster');
  if (globalNamespace) return { kind: 'GLOBAL_NAMESPACE', project: project ?? DEFAULT_PROJECT, name: globalNamespace };
  if (project) return { kind: 'PROJECT', project };
  if (clusterGroup) return { kind: 'CLUSTER_GROUP', name: clusterGroup };
  if (!cluster) return ORGANIZATION;
  if (!callerOf(context).rights.somewhere('Cluster.read')) return undefined;
  const record = await findResource(keyOf('Cluster', cluster), context);
  return record === null ? undefined : clusterPlace(record);
}

function isAllowed(permission: Permission, place: Place | undefined, context: Context): boolean {
  const { rights } = callerOf(context);
  if (rights.everywhere(permission)) return true;
  return place !== undefined && !ORGANIZATION_ONLY.has(permission) && rights.may(permission, place);
}

function permissionNamed(text: string): Permission {
  if (!isPermission(text)) throw badInput(`there is no permission ${JSON.stringify(text)}`);
  return text;
}

builder.objectFields(ViewerType, (t) => ({
  creatableKinds: t.field({
    type: [ResourceKindEnum],
    description: 'Kinds of which the caller may make one somewhere; placesToCreate says where.',
    resolve: ({ rights }) => RESOURCE_KINDS.filter((kind) => scopesToCreate(rights, kind).length > 0),
  }),
  placesToCreate: t.field({
    type: [AccessScope],
    description:
      'Where the caller may make a resource of the kind: the organization, which is all of it, or projects, and for policies global namespaces, if they name no other. None: nowhere.',
    args: {
      kind: t.arg({ type: ResourceKindEnum, required: true, description: 'Kind.' }),
      permissions: t.arg.stringList({ description: 'What else has to be held there, like agents.write.' }),
    },
    resolve: ({ rights }, { kind, permissions }) =>
      scopesToCreate(rights, kind, (permissions ?? []).map(permissionNamed)),
  }),
}));

builder.queryFields((t) => ({
  canI: t.boolean({
    description: 'True if the caller holds the permission there. Whether what it is about exists is another matter.',
    args: {
      permission: t.arg.string({ required: true, description: 'Like TrafficPolicy.write or holds.approve.' }),
      at: t.arg({ type: PlaceInput, description: 'Where; the whole organization if not given.' }),
    },
    ...needs('viewer.read'),
    resolve: async (_root, { permission, at }, context) =>
      isAllowed(permissionNamed(permission), await placeOf(at ?? {}, context), context),
  }),
}));
