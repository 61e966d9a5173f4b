import * as z from 'zod';
import { freeText, list, oneOf, report, text, whole } from '../schema/checked.js';
import { duration, enforced, percent, scopedTargets } from '../schema/policy-fields.js';
import { quote } from '../text/quote.js';
import type { TextCheck } from '../text/finding.js';
import { TELEMETRY_SIDES, METRICS } from './policy-words.js';
import { waysOf } from '../schema/variants.js';

const PROVIDER = /^[a-zA-Z0-9](?:[-a-zA-Z0-9._]{0,251}[a-zA-Z0-9])?$/;
const TAG = /^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/;

const checkProvider: TextCheck = (name) =>
  PROVIDER.test(name)
    ? undefined
    : { code: 'ISM0911', message: `${quote(name)} is not the name of a provider of letters, digits, ".", "_" and "-"` };

const checkTag: TextCheck = (name) =>
  TAG.test(name)
    ? undefined
    : { code: 'ISM0911', message: `${quote(name)} is not the name of a tag of letters, digits and "_"` };

const provider = (whenLeftOut: string) =>
  text(checkProvider, {
    description: `Name of a provider of the mesh (Istio: meshConfig.extensionProviders). Left out: ${whenLeftOut}.`,
    examples: ['otel'],
  }).optional();

const side = oneOf(TELEMETRY_SIDES, 'Which side of a request records it; default CLIENT_AND_SERVER.');

const filter = z
  .strictObject({
    statusFrom: whole(100, 599, 'Requests with this HTTP status or a higher one.').optional(),
    slowerThan: duration('Requests that took longer.').optional(),
    expression: freeText(1_000, 'An expression in CEL over the attributes of the proxy, instead of the other fields.')
      .min(1)
      .optional(),
  })
  .superRefine(({ statusFrom, slowerThan, expression }, context) => {
    const isEasy = statusFrom !== undefined || slowerThan !== undefined;
    if (isEasy === (expression !== undefined))
      report(context, {
        code: 'ISM0911',
        message: 'a filter has either an expression, or statusFrom, slowerThan or both',
      });
  })
  .meta({
    description: 'Which requests are logged: those that one of its fields takes in. Left out: all.',
    ...waysOf([
      { title: 'By status and time', has: [], may: ['statusFrom', 'slowerThan'] },
      { title: 'By an expression', has: ['expression'] },
    ]),
  });

const accessLogs = z
  .strictObject({
    enabled: z.boolean().meta({ description: 'False: no access logs, whatever the mesh says by default.' }),
    side: side.optional(),
    provider: provider('standard output of the proxy'),
    filter: filter.optional(),
  })
  .superRefine(({ enabled, filter: given }, context) => {
    if (!enabled && given !== undefined)
      report(context, { code: 'ISM0911', message: 'access logs that are off need no filter' }, ['filter']);
  })
  .meta({ description: 'Access logs of the workloads behind the services.' });

const tracing = z
  .strictObject({
    samplingPercent: percent('Share of requests that are traced, if nobody decided before; 0: none.'),
    provider: provider('that of the mesh'),
    side: side.optional(),
  })
  .meta({ description: 'Traces of the workloads behind the services.' });

const tag = z
  .strictObject({
    name: text(checkTag, { description: 'Name of the tag.', pattern: TAG.source }),
    value: freeText(1_000, 'An expression over the attributes of the proxy (Istio: CEL).').min(1).optional(),
    remove: z.literal(true).optional().meta({ description: 'The tag is left out.' }),
  })
  .superRefine(({ value, remove }, context) => {
    if ((value === undefined) === (remove === undefined))
      report(context, { code: 'ISM0911', message: 'a tag has either a value or remove' });
  })
  .meta({
    description: 'One tag of a metric.',
    ...waysOf([
      { title: 'It is set', has: ['value'] },
      { title: 'It is left out', has: ['remove'] },
    ]),
  });

const override = z
  .strictObject({
    metric: oneOf(METRICS, 'Which metric; default ALL_METRICS.').optional(),
    side: side.optional(),
    disabled: z.literal(true).optional().meta({ description: 'The metric is not recorded.' }),
    tags: list(tag, { description: 'Tags to set or to leave out.', whenEmpty: 'ISM0020' }).optional(),
  })
  .superRefine(({ disabled, tags }, context) => {
    if ((disabled === undefined) === (tags === undefined))
      report(context, { code: 'ISM0911', message: 'an override has either disabled or tags' });
    const names = (tags ?? []).map(({ name }) => name);
    names.forEach((name, index) => {
      if (names.indexOf(name) !== index)
        report(context, { code: 'ISM0911', message: `tag ${name} is named twice` }, ['tags', index, 'name']);
    });
  })
  .meta({
    description: 'What differs from the metrics that the mesh records by default.',
    ...waysOf([
      { title: 'Tags differ', has: ['tags'] },
      { title: 'It is not recorded', has: ['disabled'] },
    ]),
  });

const metrics = z
  .strictObject({
    provider: provider('that of the mesh'),
    overrides: list(override, {
      description: 'In their order; a later one overrides an earlier one.',
      whenEmpty: 'ISM0020',
    }),
  })
  .meta({ description: 'Metrics of the workloads behind the services.' });

/** Spec of a TelemetryPolicy: each block is merged as a whole. */
export const telemetryPolicySpec = z
  .strictObject({
    targets: scopedTargets,
    enforced,
    accessLogs: accessLogs.optional(),
    tracing: tracing.optional(),
    metrics: metrics.optional(),
  })
  .superRefine(({ targets }, context) => {
    targets.forEach(({ port }, index) => {
      if (port === undefined) return;
      const message = 'telemetry is of the workloads of a service, not of one port';
      report(context, { code: 'ISM0910', message }, ['targets', index, 'port']);
    });
  })
  .meta({ description: 'What the workloads of global services log, trace and count.' });

export type TelemetryPolicySpec = z.output<typeof telemetryPolicySpec>;
