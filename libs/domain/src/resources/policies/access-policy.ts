import * as z from 'zod';
import { list, oneOf, report, text, whole } from '../schema/checked.js';
import { name, serviceName } from '../schema/metadata.js';
import { enforced, scopedTargets } from '../schema/policy-fields.js';
import { checkHeaderName, checkMethod, checkPath, checkPattern } from '../text/requests.js';

const names = (what: 'ServiceGroup' | 'UserGroup' | 'Namespace', description: string) =>
  list(name(`Name of a ${what === 'Namespace' ? 'namespace' : what}.`, what), {
    description,
    whenEmpty: 'ISM0022',
  }).optional();

const source = z
  .strictObject({
    anyone: z.literal(true).optional().meta({ description: 'Everyone, also callers without identity.' }),
    serviceGroups: names('ServiceGroup', 'Workloads behind the members of these ServiceGroups of the project.'),
    services: list(serviceName('A service, or <service>.<namespace>.'), {
      description: 'Workloads behind these services of the global namespace, in every cluster.',
      whenEmpty: 'ISM0022',
    }).optional(),
    namespaces: names(
      'Namespace',
      'Workloads of these Kubernetes namespaces, in every cluster of the global namespace.',
    ),
    userGroups: names(
      'UserGroup',
      'Only requests with a token of somebody in these UserGroups of the policy’s project.',
    ),
  })
  .superRefine((value, context) => {
    const message = sourceFault(value);
    if (message !== undefined) report(context, { code: 'ISM0880', message });
  })
  .meta({
    description:
      'Callers: serviceGroups, services and namespaces are ORed; userGroups, ORed among themselves, must hold as well. userGroups alone: whatever workload sends the token.',
  });

type Source = { [K in 'anyone' | 'serviceGroups' | 'services' | 'namespaces' | 'userGroups']?: unknown };

function sourceFault({ anyone, userGroups, ...workloads }: Source): string | undefined {
  const isNamed = Object.values(workloads).some((field) => field !== undefined);
  if (anyone !== undefined && isNamed) return 'anyone stands beside callers by name';
  if (anyone !== undefined && userGroups !== undefined) return 'anyone stands beside userGroups, which say who';
  if (anyone !== undefined || isNamed || userGroups !== undefined) return undefined;
  return 'the caller names nobody; to mean everyone write anyone: true';
}

const header = z
  .strictObject({
    name: text(checkHeaderName, { description: 'Name of the header, in any case.' }),
    values: list(text(checkPattern, { description: 'A value; * only at its start or end.' }), {
      description: 'Values, ORed.',
      whenEmpty: 'ISM0020',
    }),
  })
  .meta({ description: 'A header of the request.' });

const operation = z
  .strictObject({
    ports: list(whole(1, 65_535, 'A port of the global service.'), {
      description: 'Ports, ORed.',
      whenEmpty: 'ISM0020',
    }).optional(),
    methods: list(text(checkMethod, { description: 'An HTTP method, in capitals.' }), {
      description: 'HTTP methods, ORed.',
      whenEmpty: 'ISM0020',
    }).optional(),
    paths: list(
      text(checkPath, { description: 'A path, /prefix/* or *suffix; without query.', examples: ['/api/*'] }),
      {
        description: 'Paths, ORed. gRPC: /<package>.<Service>/<Method>.',
        whenEmpty: 'ISM0020',
      },
    ).optional(),
    headers: list(header, { description: 'Headers, ANDed.', whenEmpty: 'ISM0020' }).optional(),
  })
  .superRefine((value, context) => {
    if (Object.values(value).some((field) => field !== undefined)) return;
    report(context, { code: 'ISM0880', message: 'the operation is empty; to mean everything leave `to` out' });
  })
  .meta({
    description:
      'What is called; the given fields are ANDed. Ports that nobody sees into have no methods, paths, headers.',
  });

const rule = z
  .strictObject({
    action: oneOf(['ALLOW', 'DENY'], 'DENY beats ALLOW.'),
    from: list(source, { description: 'Callers, ORed.', whenEmpty: 'ISM0020' }),
    to: list(operation, {
      description: 'What is called, ORed; left out: everything.',
      whenEmpty: 'ISM0020',
    }).optional(),
  })
  .meta({ description: 'Who may, or may not, do what.' });

/** Spec of an AccessPolicy: rules of all scopes hold together. */
export const accessPolicySpec = z
  .strictObject({
    targets: scopedTargets,
    enforced,
    mode: oneOf(['ENFORCE', 'AUDIT'], 'AUDIT: a rehearsal that decides nothing. Default ENFORCE.').optional(),
    default: oneOf(
      ['ALLOW', 'DENY'],
      'What happens to calls that no rule speaks of; the narrowest target that says it decides. Any ALLOW rule refuses the rest of its port as well.',
    ).optional(),
    rules: list(rule, {
      description: 'Rules of all policies that reach a service hold together.',
      whenEmpty: 'ISM0020',
    }).optional(),
  })
  .superRefine(({ rules, default: rest, targets }, context) => {
    if (rules === undefined && rest === undefined)
      report(context, { code: 'ISM0880', message: 'the policy has neither rules nor a default' });
    if (!targets.some(({ scope }) => scope === 'ORGANIZATION')) return;
    for (const [index, { from }] of (rules ?? []).entries())
      for (const [at, { serviceGroups, services }] of from.entries())
        if (serviceGroups !== undefined || services !== undefined)
          report(context, { code: 'ISM0896', message: 'service groups and services belong to a project' }, [
            'rules',
            index,
            'from',
            at,
          ]);
  })
  .meta({ description: 'Who may call services of global namespaces.' });

export type AccessPolicySpec = z.output<typeof accessPolicySpec>;
