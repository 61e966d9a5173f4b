import type { ScopedTarget } from '@isthmus/domain';
import { builder } from '../../graphql/builder.js';

const TargetScope = builder.enumType('PolicyTargetScope', {
  description: 'Targets wider than one global namespace.',
  values: {
    ORGANIZATION: { description: 'Every global namespace there is.' },
    PROJECT: { description: 'Every global namespace of the policy’s project.' },
  } as const,
});

/** What a policy applies to. */
export const PolicyTarget = builder.objectRef<ScopedTarget>('PolicyTarget').implement({
  description: 'What a policy applies to, by name in the policy’s own project.',
  fields: (t) => ({
    scope: t.field({
      type: TargetScope,
      nullable: true,
      description: 'Wider than one global namespace; null if one is named.',
      resolve: ({ scope }) => scope,
    }),
    globalNamespace: t.exposeString('globalNamespace', {
      nullable: true,
      description: 'Name of the global namespace; it need not exist yet. Null with a scope.',
    }),
    serviceGroup: t.exposeString('serviceGroup', {
      nullable: true,
      description: 'Name of a service group: only its services; null = all.',
    }),
    service: t.exposeString('service', { nullable: true, description: 'Name of one service in it; null = all.' }),
    port: t.exposeInt('port', { nullable: true, description: 'One port of the service; null = all.' }),
  }),
});
