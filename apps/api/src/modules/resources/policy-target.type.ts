import type { PolicyTarget as TargetModel } from '@isthmus/domain';
import { builder } from '../../graphql/builder.js';

/** What a policy applies to. */
export const PolicyTarget = builder.objectRef<TargetModel>('PolicyTarget').implement({
  description: 'What a policy applies to, by name in the policy’s own project.',
  fields: (t) => ({
    globalNamespace: t.exposeString('globalNamespace', {
      description: 'Name of the global namespace; it need not exist yet.',
    }),
    service: t.exposeString('service', { nullable: true, description: 'Name of one service in it; null = all.' }),
  }),
});
