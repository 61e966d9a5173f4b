import * as z from 'zod';
import { list } from '../schema/checked.js';
import { groupRule } from '../schema/selectors.js';

/** Spec of a ServiceGroup: who is in it, by criteria. */
export const serviceGroupSpec = z
  .strictObject({
    members: list(groupRule, {
      description: 'Rules, ORed: each selects services of global namespaces.',
      whenEmpty: 'ISM0020',
    }),
  })
  .meta({
    description: 'Services of the global namespaces of a project, filled by criteria, to be named in policies.',
  });

export type ServiceGroupSpec = z.output<typeof serviceGroupSpec>;
