import { POLICY_KINDS, type PolicyKind } from '@isthmus/domain';
import { callerOf } from '../../graphql/caller.js';
import type { Context } from '../../graphql/context.js';
import type { NodeKey, NodeType } from '../../graphql/node-id.js';
import type { Need } from '../../auth/permissions.js';
import { typenameOf, type NodeModel } from './node.type.js';

interface NodeSource {
  permission: Need;
  load: (parts: readonly string[], context: Context) => Promise<NodeModel | undefined> | NodeModel | undefined;
}

const resource: NodeSource = {
  permission: 'resources.read',
  load: ([uid = ''], { loaders }) => loaders.resource.load(uid),
};

/** How an object of each type is found again by its id, and what that needs. */
const SOURCES: Readonly<Record<NodeType, NodeSource>> = {
  Project: resource,
  Cluster: resource,
  ClusterGroup: resource,
  GlobalNamespace: resource,
  ...(Object.fromEntries(POLICY_KINDS.map((kind) => [kind, resource])) as Record<PolicyKind, NodeSource>),
  Organization: {
    permission: 'viewer.read',
    load: async ([id = ''], context) => {
      const organization = await context.services.organizations.current(callerOf(context));
      return organization.id === id ? organization : undefined;
    },
  },
  GlobalService: {
    permission: 'resources.read',
    load: async ([gns = '', host = ''], context) => {
      const services = await context.services.globalServices.ofGns(callerOf(context), gns, context.loaders);
      return services.find((service) => service.host === host);
    },
  },
  Revision: {
    permission: 'resources.read',
    load: ([gns = '', number = ''], context) =>
      context.services.revisions.get(callerOf(context), { gns, number: Number(number) }, context.loaders),
  },
  Target: {
    permission: 'resources.read',
    load: async ([cluster = '', gns = ''], context) => {
      const targets = await context.services.targets.ofGns(callerOf(context), gns, context.loaders);
      return targets.find((target) => target.record.cluster === cluster);
    },
  },
  Hold: {
    permission: 'resources.read',
    load: ([id = ''], context) => context.services.holds.get(callerOf(context), id),
  },
  RoleBinding: {
    permission: 'roles.read',
    load: ([id = ''], context) => context.services.roles.binding(callerOf(context), id),
  },
  ApiToken: {
    permission: 'tokens.manage',
    load: ([id = ''], context) => context.services.tokens.get(callerOf(context), id),
  },
};

/** The object that an id means; undefined if it does not exist, is of another type now, or is not the caller's to see. */
export async function loadNode({ type, parts }: NodeKey, context: Context): Promise<NodeModel | undefined> {
  const { permission, load } = SOURCES[type];
  if (!callerOf(context).rights.somewhere(permission)) return undefined;
  const node = await load(parts, context);
  const isOther = node !== undefined && typenameOf(node) !== type;
  return isOther ? undefined : node;
}
