import * as z from 'zod';
import { list, oneOf, report } from '../schema/checked.js';
import { name } from '../schema/metadata.js';
import { enforced, gnsTargets } from '../schema/policy-fields.js';
import { placeFields, reportPorts } from './allowance.js';
import { waysOf } from '../schema/variants.js';
import { via } from './egress-gateway.js';

const allowed = z
  .strictObject({
    ...placeFields,
    dataGroups: list(name('Name of a DataGroup.', 'DataGroup'), {
      description: 'What is in these DataGroups of the policy’s project may be called.',
      whenEmpty: 'ISM0020',
    }).optional(),
  })
  .superRefine((value, context) => {
    const { hosts, cidrs, dataGroups, ports } = value;
    const given = [hosts, cidrs, dataGroups].filter((one) => one !== undefined);
    const tell = (message: string, path: (string | number)[] = []) =>
      report(context, { code: 'ISM0922', message }, path);
    if (given.length !== 1) tell('what is allowed has either hosts or cidrs or dataGroups');
    if (dataGroups !== undefined && ports !== undefined)
      tell('the ports of a group are written in the group', ['ports']);
    reportPorts(value, context);
  })
  .meta({
    description: 'Hosts or networks with their ports, or groups of such.',
    ...waysOf([
      { title: 'Hosts', has: ['hosts'], may: ['ports'] },
      { title: 'Networks', has: ['cidrs', 'ports'] },
      { title: 'Data groups', has: ['dataGroups'] },
    ]),
  });

interface Passing {
  allow?: readonly z.output<typeof allowed>[] | undefined;
  via?: z.output<typeof via> | undefined;
}

/** What a gateway cannot let through: it calls hosts by their names, whatever address the workload dialled. */
function gatewayFaults({ allow = [], via: gateway }: Passing): { path: (string | number)[]; message: string }[] {
  if (gateway === undefined) return [];
  if (allow.length === 0) return [{ path: ['via'], message: 'nothing is allowed that could go through a gateway' }];
  return allow.flatMap(({ hosts = [], cidrs }, at) => [
    ...(cidrs === undefined
      ? []
      : [
          { path: ['allow', at, 'cidrs'], message: 'networks cannot be called through a gateway, which calls by name' },
        ]),
    ...hosts.flatMap((host, index) => {
      const message = `${host} names no single server that a gateway could call: list the hosts`;
      return host.startsWith('*.') ? [{ path: ['allow', at, 'hosts', index], message }] : [];
    }),
  ]);
}

/** Spec of an EgressPolicy: merged as a whole. */
export const egressPolicySpec = z
  .strictObject({
    targets: gnsTargets,
    enforced,
    default: oneOf(
      ['ALLOW', 'DENY'],
      'DENY: proxies let workloads call only what the mesh knows, external services of the global namespace, and what is allowed here.',
    ),
    allow: list(allowed, { description: 'With DENY: what may be called beside that.' }).optional(),
    via: via.optional(),
  })
  .superRefine((spec, context) => {
    for (const { path, message } of gatewayFaults(spec)) report(context, { code: 'ISM0927', message }, path);
    const { default: otherwise, allow = [] } = spec;
    if (otherwise === 'ALLOW' && allow.length > 0)
      report(context, { code: 'ISM0922', message: 'with the default ALLOW everything is allowed already' }, ['allow']);
    const seen = new Map<string, number>();
    allow.forEach(({ hosts = [] }, at) => {
      hosts.forEach((host, index) => {
        const first = seen.get(host) ?? at;
        seen.set(host, first);
        const message = `host ${host} is also in element ${first}: name all of its ports in one place`;
        if (first !== at) report(context, { code: 'ISM0922', message }, ['allow', at, 'hosts', index]);
      });
    });
  })
  .meta({ description: 'Where workloads of global namespaces may call outside of the mesh.' });

export type EgressPolicySpec = z.output<typeof egressPolicySpec>;
