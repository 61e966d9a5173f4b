import type { ResourceRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { defineConnection } from '../../graphql/connection.js';
import { Node } from '../nodes/node.type.js';
import { PolicyTarget } from '../resources/policy-target.type.js';
import { Resource } from '../resources/resource.type.js';
import { specOf } from '../resources/spec-of.js';

export const EncryptionModeEnum = builder.enumType('EncryptionMode', {
  description: 'How traffic inside a global namespace is encrypted.',
  values: {
    DISABLE: { description: 'Not at all.' },
    PERMISSIVE: { description: 'Clients encrypt, servers also take plaintext.' },
    STRICT: { description: 'Servers take nothing but mutual TLS.' },
  } as const,
});

/** How traffic is encrypted. */
export const EncryptionPolicy = builder.objectRef<ResourceRecord>('EncryptionPolicy');
EncryptionPolicy.implement({
  description: 'How traffic inside global namespaces is encrypted. Of several on one namespace the strictest wins.',
  interfaces: [Node, Resource],
  fields: (t) => ({
    mode: t.field({
      type: EncryptionModeEnum,
      description: 'Mode.',
      resolve: (policy) => specOf('EncryptionPolicy', policy).mode,
    }),
    targets: t.field({
      type: [PolicyTarget],
      description: 'What it applies to.',
      resolve: (policy) => specOf('EncryptionPolicy', policy).targets,
    }),
  }),
});

export const EncryptionPolicyConnection = defineConnection('EncryptionPolicy', EncryptionPolicy);
