import * as z from 'zod';
import { METRICS, TELEMETRY_SIDES } from '../../resources/policies/policy-words.js';
import { basisPoints, milliseconds, word } from './feature-fields.js';

const side = z.enum(TELEMETRY_SIDES);

/** Access logs of the workloads behind a host; the filter takes in what one of its fields takes in. */
export const accessLogsFeature = z.strictObject({
  kind: z.literal('accessLogs'),
  enabled: z.boolean(),
  side: side.optional(),
  provider: word.optional(),
  filter: z
    .strictObject({
      statusFrom: z.int().optional(),
      slowerThanMs: milliseconds.optional(),
      expression: word.optional(),
    })
    .optional(),
});

/** Traces of the workloads behind a host. */
export const tracingFeature = z.strictObject({
  kind: z.literal('tracing'),
  samplingBasisPoints: basisPoints,
  provider: word.optional(),
  side: side.optional(),
});

/** Metrics of the workloads behind a host; `overrides` is a list: a later one overrides an earlier one. Tags are a set. */
export const metricsFeature = z.strictObject({
  kind: z.literal('metrics'),
  provider: word.optional(),
  overrides: z.array(
    z.strictObject({
      metric: z.enum(METRICS).optional(),
      side: side.optional(),
      disabled: z.literal(true).optional(),
      tags: z.array(z.strictObject({ name: word, value: word.optional() })).optional(),
    }),
  ),
});
