import type { ResourceRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { defineConnection } from '../../graphql/connection.js';
import { Node } from '../nodes/node.type.js';
import { PolicyTarget } from '../resources/policy-target.type.js';
import { Resource } from '../resources/resource.type.js';
import { specOf } from '../resources/spec-of.js';

const IndicatorType = builder.enumType('SloIndicatorType', {
  description: 'What counts as good.',
  values: {
    AVAILABILITY: { description: 'No 5xx and no failure of gRPC.' },
    LATENCY: { description: 'Faster than the threshold.' },
  } as const,
});

/** An objective. */
export const SloPolicy = builder.objectRef<ResourceRecord>('SloPolicy');
SloPolicy.implement({
  description: 'An objective over the ratio of good to total requests in a rolling window.',
  interfaces: [Node, Resource],
  fields: (t) => ({
    indicator: t.field({
      type: IndicatorType,
      description: 'What counts as good.',
      resolve: (slo) => specOf('SloPolicy', slo).indicator.type,
    }),
    thresholdMs: t.int({
      nullable: true,
      description: 'Threshold of LATENCY in milliseconds.',
      resolve: (slo) => specOf('SloPolicy', slo).indicator.thresholdMs,
    }),
    objective: t.string({
      description: 'Share of good requests, like 0.999.',
      resolve: (slo) => specOf('SloPolicy', slo).objective,
    }),
    window: t.string({
      description: 'Rolling window, like 28d.',
      resolve: (slo) => specOf('SloPolicy', slo).timeWindow.duration,
    }),
    targets: t.field({
      type: [PolicyTarget],
      description: 'What it applies to.',
      resolve: (slo) => specOf('SloPolicy', slo).targets,
    }),
  }),
});

export const SloPolicyConnection = defineConnection('SloPolicy', SloPolicy);
