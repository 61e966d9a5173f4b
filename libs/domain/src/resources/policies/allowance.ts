import * as z from 'zod';
import { list, oneOf, report, text, whole } from '../schema/checked.js';
import { checkCidr } from '../text/networks.js';
import { checkOutsideHost } from '../text/outside-hosts.js';
import { isOpaque } from './external-service.js';
import { EXTERNAL_PROTOCOLS } from './policy-words.js';

const port = z
  .strictObject({
    number: whole(1, 65_535, 'The port.'),
    protocol: oneOf(EXTERNAL_PROTOCOLS, 'What is spoken on it.'),
  })
  .meta({ description: 'A port.' });

/** Fields that say where to outside of the mesh: hosts or networks, with their ports. */
export const placeFields = {
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
};

/** Hosts or networks outside of the mesh with their ports. */
export type Place = { [K in keyof typeof placeFields]?: z.output<(typeof placeFields)[K]> };

/** What is wrong with the ports of a place. */
export function reportPorts({ hosts, cidrs, ports }: Place, context: z.RefinementCtx): void {
  const tell = (message: string, path: (string | number)[]) => report(context, { code: 'ISM0922', message }, path);
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
}
