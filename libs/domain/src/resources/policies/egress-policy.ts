import * as z from 'zod';
import { list, oneOf, report, text, whole } from '../schema/checked.js';
import { enforced, gnsTargets } from '../schema/policy-fields.js';
import { checkCidr } from '../text/networks.js';
import { checkOutsideHost } from '../text/outside-hosts.js';
import { via } from './egress-gateway.js';
import { isOpaque } from './external-service.js';
import { EXTERNAL_PROTOCOLS } from './policy-words.js';

const port = z
  .strictObject({
    number: whole(1, 65_535, 'The port.'),
    protocol: oneOf(EXTERNAL_PROTOCOLS, 'What is spoken on it.'),
  })
  .meta({ description: 'A port.' });

const allowed = z
  .strictObject({
    hosts: list(text(checkOutsideHost, { description: 'A DNS name, or *.<name>.', examples: ['pypi.org'] }), {
      description: 'Hosts that may be called.',
      whenEmpty: 'ISM0020',
    }).optional(),
    cidrs: list(text(checkCidr, { description: 'An IPv4 network.', examples: ['192.0.2.0/24'] }), {
      description: 'Networks that may be called, on ports whose protocol names no host.',
      whenEmpty: 'ISM0020',
    }).optional(),
    ports: list(port, {
      description: 'On which ports; default for hosts 80 (HTTP) and 443 (TLS).',
      whenEmpty: 'ISM0020',
    }).optional(),
  })
  .superRefine(({ hosts, cidrs, ports }, context) => {
    const tell = (message: string, path: (string | number)[] = []) =>
      report(context, { code: 'ISM0922', message }, path);
    if ((hosts === undefined) === (cidrs === undefined)) tell('what is allowed has either hosts or cidrs');
    if (cidrs !== undefined && ports === undefined) tell('networks need ports', ['cidrs']);
    const seen = new Set<number>();
    (ports ?? []).forEach(({ number, protocol }, index) => {
      const at = ['ports', index];
      if (seen.has(number)) report(context, { code: 'ISM0917', message: `port ${number} is listed twice` }, at);
      seen.add(number);
      if (cidrs !== undefined && !isOpaque(protocol)) tell(`${protocol} is let through by host, not by network`, at);
      if (hosts !== undefined && isOpaque(protocol))
        tell(`${protocol} names no host: allow it by network, or make the host an ExternalService`, at);
    });
  })
  .meta({ description: 'Hosts or networks, with their ports.' });

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
