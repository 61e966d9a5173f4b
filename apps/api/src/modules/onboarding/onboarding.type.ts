import { builder } from '../../graphql/builder.js';
import { Issue } from '../issues/issue.type.js';
import { currentStep } from './steps/onboarding-steps.js';
import type { OnboardingStep as StepModel } from './steps/step.js';

const StepNameEnum = builder.enumType('OnboardingStepName', {
  description: 'Steps of a cluster on its way in, in order.',
  values: {
    TOKEN_ISSUED: { description: 'A token was made for its agent.' },
    AGENT_SEEN: { description: 'Its agent came to the gateway.' },
    TLS_OK: { description: 'The agent has proven its identity, and its stream is open.' },
    RIGHTS_OK: { description: 'The agent may read and write what it has to.' },
    MESH_FOUND: { description: 'The mesh of the record was found in the cluster.' },
    DNS_AND_GATEWAY: { description: 'DNS capture is on, and there is an east-west gateway.' },
    FIRST_SYNC: { description: 'What is wanted of the cluster was applied.' },
  } as const,
});

const StepStateEnum = builder.enumType('OnboardingStepState', {
  description: 'Where a step stands.',
  values: {
    DONE: { description: 'It was observed to hold.' },
    ACTIVE: { description: 'It may still come by itself.' },
    FAILED: { description: 'It does not hold; lastError says why and what to do.' },
    WAITING: { description: 'An earlier step comes first.' },
    UNKNOWN: { description: 'It held when the agent was heard last; nobody hears it now.' },
  } as const,
});

const OnboardingStep = builder.objectRef<StepModel>('OnboardingStep').implement({
  description: 'One step of a cluster on its way in.',
  fields: (t) => ({
    step: t.field({ type: StepNameEnum, description: 'Which step.', resolve: ({ step }) => step }),
    state: t.field({ type: StepStateEnum, description: 'Where it stands.', resolve: ({ state }) => state }),
    message: t.exposeString('message', { description: 'A sentence for people.' }),
    since: t.expose('since', { type: 'DateTime', nullable: true, description: 'Since when it is so, if known.' }),
    observedAt: t.expose('observedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the fact behind it was observed last; null = never.',
    }),
    lastError: t.field({
      type: Issue,
      nullable: true,
      description: 'What went wrong last, with its fix; beside DONE it stands in nobody’s way.',
      resolve: ({ error }) => error,
    }),
  }),
});

/** Steps of a cluster, and which one has to be looked at. */
export const Onboarding = builder.objectRef<StepModel[]>('Onboarding').implement({
  description: 'How far a cluster is on its way in.',
  fields: (t) => ({
    ready: t.boolean({
      description: 'True if no step stands in the way; warnings do not.',
      resolve: (steps) => currentStep(steps) === undefined,
    }),
    current: t.field({
      type: OnboardingStep,
      nullable: true,
      description: 'The step that has to be looked at; null if the cluster is ready.',
      resolve: (steps) => currentStep(steps),
    }),
    steps: t.field({ type: [OnboardingStep], description: 'All steps, in order.', resolve: (steps) => steps }),
  }),
});
