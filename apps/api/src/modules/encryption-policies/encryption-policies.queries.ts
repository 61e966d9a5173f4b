import { builder } from '../../graphql/builder.js';
import { needs } from '../../graphql/guard.js';
import { findResource, keyOf, listArgs, listResources } from '../resources/resource-list.js';
import { EncryptionPolicy, EncryptionPolicyConnection } from './encryption-policy.type.js';

builder.queryFields((t) => ({
  encryptionPolicy: t.field({
    type: EncryptionPolicy,
    nullable: true,
    description: 'One encryption policy by name; null if there is none.',
    args: {
      name: t.arg.string({ required: true, description: 'Name.' }),
      project: t.arg.string({ description: 'Project; `default` if not given.' }),
    },
    ...needs('EncryptionPolicy.read'),
    resolve: (_root, { name, project }, context) => findResource(keyOf('EncryptionPolicy', name, project), context),
  }),
  encryptionPolicies: t.field({
    type: EncryptionPolicyConnection,
    description: 'All of one kind: encryption policy, of one or every project.',
    args: listArgs(t.arg),
    ...needs('EncryptionPolicy.read'),
    resolve: (_root, args, context) => listResources(['EncryptionPolicy'], args, context),
  }),
}));
