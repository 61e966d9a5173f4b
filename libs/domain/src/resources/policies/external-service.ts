import * as z from 'zod';
import { list, oneOf, report, text, whole } from '../schema/checked.js';
import { gnsTargets } from '../schema/policy-fields.js';
import { checkAddress } from '../text/networks.js';
import { checkAddressOrCidr, checkOutsideHost, checkSecretName } from '../text/outside-hosts.js';
import { via } from './egress-gateway.js';
import { externalFaults } from './external-faults.js';
import { EXTERNAL_PROTOCOLS, RESOLUTIONS } from './policy-words.js';

/** True for protocols whose connections name no host: proxies know them by address alone. */
export function isOpaque(protocol: (typeof EXTERNAL_PROTOCOLS)[number]): boolean {
  return !['HTTP', 'HTTP2', 'GRPC', 'HTTPS', 'TLS'].includes(protocol);
}

const port = z
  .strictObject({
    number: whole(1, 65_535, 'The port that workloads call.'),
    protocol: oneOf(EXTERNAL_PROTOCOLS, 'What workloads speak to it.'),
    targetPort: whole(1, 65_535, 'The port of the server; default the same.').optional(),
  })
  .meta({ description: 'A port.' });

const endpoint = z
  .strictObject({
    address: text(checkAddress, { description: 'IP address or DNS name of a server.', examples: ['192.0.2.10'] }),
    priority: whole(0, 15, '0 is called first; higher ones only when those below fail. Default 0.').optional(),
    locality: text(
      (value) =>
        /^[^/\s]+(?:\/[^/\s]+){0,2}$/.test(value)
          ? undefined
          : { code: 'ISM0018', message: `${JSON.stringify(value)} is not region/zone/subzone` },
      { description: 'region, region/zone or region/zone/subzone.' },
    ).optional(),
    port: whole(1, 65_535, 'Port of this server, for services of one port.').optional(),
  })
  .meta({ description: 'A server.' });

const tls = z
  .strictObject({
    mode: oneOf(['SIMPLE', 'MUTUAL'], 'SIMPLE: the server shows a certificate. MUTUAL: so does the mesh.'),
    ports: list(whole(1, 65_535, 'A port of the service.'), {
      description: 'Ports on which the proxy encrypts; default all that the workload does not encrypt itself.',
      whenEmpty: 'ISM0020',
    }).optional(),
    sni: text(checkOutsideHost, { description: 'Name in the handshake; default the host that was called.' }).optional(),
    subjectAltNames: list(text(checkOutsideHost, { description: 'A DNS name.' }), {
      description: 'Names of which the certificate must have one; default the name in the handshake.',
      whenEmpty: 'ISM0020',
    }).optional(),
    credential: text(checkSecretName, {
      description:
        'Name of the Secret with the authority of the server (ca.crt), and for MUTUAL certificate and key of the mesh (tls.crt, tls.key), in the namespace of the gateway of via; never the material.',
    }).optional(),
  })
  .meta({ description: 'The proxy encrypts what workloads send in plain text.' });

/** Spec of an ExternalService. */
export const externalServiceSpec = z
  .strictObject({
    targets: gnsTargets,
    hosts: list(text(checkOutsideHost, { description: 'A DNS name, or *.<name>.', examples: ['api.example.com'] }), {
      description: 'Names by which workloads call it.',
      whenEmpty: 'ISM0020',
    }),
    addresses: list(text(checkAddressOrCidr, { description: 'An IP address or IPv4 network.' }), {
      description: 'Addresses by which workloads call it, for ports without names in their requests.',
    }).optional(),
    ports: list(port, { description: 'Its ports.', whenEmpty: 'ISM0020' }),
    resolution: oneOf(
      RESOLUTIONS,
      'NONE: the address that the workload called. STATIC: the addresses of endpoints. DNS: the names of endpoints, or hosts. Default: DNS, or STATIC with IP addresses as endpoints, or NONE with a wildcard.',
    ).optional(),
    endpoints: list(endpoint, { description: 'Its servers, where they are not what the hosts resolve to.' }).optional(),
    tls: tls.optional(),
    via: via.optional(),
  })
  .superRefine((spec, context) => {
    for (const { path, ...finding } of externalFaults(spec)) report(context, finding, path);
  })
  .meta({ description: 'A service outside of the mesh that workloads of global namespaces call.' });

export type ExternalServiceSpec = z.output<typeof externalServiceSpec>;
export type Resolution = (typeof RESOLUTIONS)[number];
