import { builder } from '../../graphql/builder.js';

export type ConditionStatus = 'TRUE' | 'FALSE' | 'UNKNOWN';

/** A Kubernetes-style condition. */
export interface Condition {
  type: string;
  status: ConditionStatus;
  reason: string;
  message: string;
  /** Generation of the resource that this is said of; undefined when it is not known. */
  observedGeneration?: number;
  /** When the facts behind it were observed; undefined = never. */
  observedAt?: Date;
}

const ConditionStatusEnum = builder.enumType('ConditionStatus', {
  description: 'Status of a condition.',
  values: {
    TRUE: { description: 'Observed to hold.' },
    FALSE: { description: 'Observed not to hold.' },
    UNKNOWN: { description: 'Not observed, or not lately: never to be read as good.' },
  } as const,
});

export const ConditionType = builder.objectRef<Condition>('Condition').implement({
  description: 'One aspect of the state of a resource, in the manner of Kubernetes.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'What is spoken about, like `Applied`.' }),
    status: t.field({ type: ConditionStatusEnum, description: 'Whether it holds.', resolve: ({ status }) => status }),
    reason: t.exposeString('reason', { description: 'One word for programs.' }),
    message: t.exposeString('message', { description: 'A sentence for people.' }),
    observedGeneration: t.exposeInt('observedGeneration', {
      nullable: true,
      description:
        'The generation of the resource that this is said of; older than `generation` means it is not judged yet.',
    }),
    observedAt: t.expose('observedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the facts behind it were observed; null = never.',
    }),
  }),
});
