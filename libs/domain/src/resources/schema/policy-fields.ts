import * as z from 'zod';
import type { ScopedTarget } from '../types.js';
import { checkDuration } from '../text/durations.js';
import { list, oneOf, report, text, whole } from './checked.js';
import { name, serviceName } from './metadata.js';
import { waysOf } from './variants.js';

const DAY_MS = 86_400_000;

/** A duration such as 250ms, 1.5s or 1m30s; the bounds are milliseconds, both inclusive. */
export function duration(description: string, { first = 1, last = DAY_MS } = {}): z.ZodString {
  return text(checkDuration(first, last), { description, examples: ['1.5s'], 'x-isthmus-format': 'duration' });
}

/** A percentage from 0 to 100 with at most two decimals; `first` is the least that is allowed. */
export function percent(description: string, { first = 0 } = {}): z.ZodNumber {
  const schema = z.number().superRefine((value, context) => {
    const points = value * 100;
    if (value >= first && value <= 100 && Math.abs(points - Math.round(points)) < 1e-6) return;
    report(context, {
      code: 'ISM0951',
      message: `${value} is not a percentage from ${first} to 100 with at most two decimals`,
    });
  });
  return schema.meta({ description, minimum: first, maximum: 100 });
}

const scopedTarget = z
  .strictObject({
    scope: oneOf(
      ['ORGANIZATION', 'PROJECT'],
      'PROJECT: every global namespace of the policy’s project. ORGANIZATION: every one there is; only for policies of the project default.',
    ).optional(),
    globalNamespace: name('Name of a GlobalNamespace of the same project.', 'GlobalNamespace').optional(),
    serviceGroup: name('Name of a ServiceGroup of the same project: only its services.', 'ServiceGroup').optional(),
    service: serviceName(
      'One service: <service>, or <service>.<namespace> where hosts hold the namespace. Left out: all.',
    ).optional(),
    port: whole(1, 65_535, 'One port of the service. Left out: all.').optional(),
  })
  .superRefine((target, context) => {
    for (const [message, path] of targetFaults(target)) report(context, { code: 'ISM0952', message }, path);
  })
  .meta({
    description:
      'What the policy applies to; of several policies the most specific wins: ORGANIZATION < PROJECT < global namespace < service group < service < port.',
    ...waysOf([
      { title: 'A global namespace', has: ['globalNamespace'] },
      { title: 'A service group of a global namespace', has: ['globalNamespace', 'serviceGroup'] },
      { title: 'A service of a global namespace', has: ['globalNamespace', 'service'], may: ['port'] },
      { title: 'A project, or the organization', has: ['scope'], may: ['serviceGroup'] },
    ]),
  });

function targetFaults(target: {
  scope?: string | undefined;
  globalNamespace?: string | undefined;
  serviceGroup?: string | undefined;
  service?: string | undefined;
  port?: number | undefined;
}): [string, string[]][] {
  const { scope, globalNamespace, serviceGroup, service, port } = target;
  const faults: [string, string[]][] = [];
  if ((scope === undefined) === (globalNamespace === undefined))
    faults.push(['a target names either a scope or a globalNamespace', []]);
  if (scope !== undefined && service !== undefined)
    faults.push(['a service belongs to a global namespace, not to a scope', ['service']]);
  if (scope === 'ORGANIZATION' && serviceGroup !== undefined)
    faults.push(['a service group belongs to a project', ['serviceGroup']]);
  if (service !== undefined && serviceGroup !== undefined)
    faults.push(['a target names either a service or a serviceGroup', ['serviceGroup']]);
  if (port !== undefined && service === undefined) faults.push(['a port belongs to a service', ['port']]);
  return faults;
}

/** What a policy applies to: from the whole organization down to one port of a service. */
export const scopedTargets = list(scopedTarget, {
  description: 'What the policy applies to.',
  whenEmpty: 'ISM0020',
}) satisfies z.ZodType<ScopedTarget[]>;

/** Targets of what has a meaning for whole global namespaces only. */
export const gnsTargets = list(
  scopedTarget
    .superRefine((target, context) => {
      for (const field of ['serviceGroup', 'service', 'port'] as const) {
        if (target[field] === undefined) continue;
        report(context, { code: 'ISM0914', message: 'this holds for a global namespace as a whole' }, [field]);
      }
    })
    .meta({
      description: 'What it belongs to.',
      oneOf: waysOf([
        { title: 'A global namespace', has: ['globalNamespace'] },
        { title: 'A project, or the organization', has: ['scope'] },
      ]).oneOf.map((way) => ({
        ...way,
        properties: { ...way.properties, serviceGroup: false, service: false, port: false },
      })),
    }),
  { description: 'The global namespaces that it belongs to.', whenEmpty: 'ISM0020' },
) satisfies z.ZodType<ScopedTarget[]>;

/** Whether the blocks of a policy beat those of narrower scopes. */
export const enforced = z
  .boolean()
  .meta({
    description:
      'True: what this policy says beats policies of narrower scope. Of several the widest wins. Default false.',
  })
  .optional();
