import * as z from 'zod';
import { list, oneOf, report, text, whole } from '../schema/checked.js';
import { labels, name, serviceName } from '../schema/metadata.js';
import { duration } from '../schema/policy-fields.js';
import { clusterSelector } from '../schema/selectors.js';
import { checkAddress } from '../text/networks.js';
import { checkOutsideHost, checkSecretName } from '../text/outside-hosts.js';
import { HTTP_LISTENERS, PUBLIC_TLS_MODES, TLS_VERSIONS } from './policy-words.js';
import { publicFaults } from './public-faults.js';
import { httpPath } from './traffic/http-fields.js';

const portNumber = (description: string) => whole(1, 65_535, description);

const service = serviceName('The service: <service>, or <service>.<namespace> where hosts hold the namespace.');
const servicePort = portNumber('Its port; default the only one that can be published.').optional();

const target = z
  .strictObject({
    globalNamespace: name('Name of a GlobalNamespace of the same project.', 'GlobalNamespace'),
    service,
    port: servicePort,
  })
  .meta({ description: 'The service that is published.' });

const gateway = z
  .strictObject({
    clusters: clusterSelector().optional(),
    namespace: name('Namespace of the gateway workload, its certificates and what is written for it.', 'Namespace'),
    selector: labels('Pod labels of the gateway workload, which no other gateway has.', { mayBeEmpty: false }),
  })
  .meta({
    description: 'Ingress gateways in some clusters; without clusters in each that may own members.',
  });

const http = z
  .strictObject({
    mode: oneOf(
      HTTP_LISTENERS,
      'REDIRECT: answers 301 to https. SERVE: takes plain requests. OFF: nothing listens. Default REDIRECT with tls of mode SIMPLE or MUTUAL, OFF with PASSTHROUGH, SERVE without tls.',
    ).optional(),
    port: portNumber('Port of the gateway; default 80.').optional(),
  })
  .meta({ description: 'What plain HTTP gets.' });

const tls = z
  .strictObject({
    mode: oneOf(
      PUBLIC_TLS_MODES,
      'SIMPLE: the gateway shows a certificate. MUTUAL: so must the caller. PASSTHROUGH: the service ends TLS itself.',
    ),
    port: portNumber('Port of the gateway; default 443.').optional(),
    credential: text(checkSecretName, {
      description:
        'Name of the Secret with certificate and key in the namespace of the gateway (MUTUAL: also ca.crt); never the material.',
    }).optional(),
    minVersion: oneOf(TLS_VERSIONS, 'Oldest version that is spoken; default TLSV1_2.').optional(),
  })
  .meta({ description: 'What https gets.' });

const path = z
  .strictObject({
    type: oneOf(['EXACT', 'PREFIX'], 'PREFIX matches whole segments: /v2 takes /v2 and /v2/x, not /v2x.'),
    value: httpPath('The path, without query.'),
    service,
    port: servicePort,
    rewrite: httpPath('Takes the place of the path or prefix that matched.').optional(),
  })
  .meta({ description: 'Requests of a path go to another service of the global namespace.' });

const dns = z
  .strictObject({
    ttl: duration('Time to live of the records, whole seconds.', { first: 1_000, last: 604_800_000 }).optional(),
    targets: list(text(checkAddress, { description: 'IP address or DNS name.' }), {
      description: 'Where the records point; default the addresses of the gateway’s Service.',
      whenEmpty: 'ISM0020',
    }).optional(),
    weights: list(
      z
        .strictObject({
          cluster: name('A cluster.', 'Cluster'),
          weight: whole(0, 255, 'Its share, against the sum of all.'),
        })
        .meta({ description: 'The share of a cluster.' }),
      { description: 'Each cluster keeps a weighted record of its own (Route 53).', whenEmpty: 'ISM0020' },
    ).optional(),
  })
  .meta({ description: 'Records that ExternalDNS makes of the hosts; left out: it is told to make none.' });

/** Spec of a PublicService. */
export const publicServiceSpec = z
  .strictObject({
    targets: list(target, { description: 'The service that is published: one.', whenEmpty: 'ISM0020' }),
    hosts: list(text(checkOutsideHost, { description: 'A DNS name, or *.<name>.', examples: ['shop.example.com'] }), {
      description: 'Names by which the world calls it.',
      whenEmpty: 'ISM0020',
    }),
    gateways: list(gateway, { description: 'Which ingress gateways serve it.', whenEmpty: 'ISM0020' }),
    http: http.optional(),
    tls: tls.optional(),
    paths: list(path, { description: 'Paths that go elsewhere; the longest that matches wins.' }).optional(),
    dns: dns.optional(),
  })
  .superRefine((spec, context) => {
    for (const { path: at, ...finding } of publicFaults(spec)) report(context, finding, at);
  })
  .meta({ description: 'A service of a global namespace that the world outside may call, through ingress gateways.' });

export type PublicServiceSpec = z.output<typeof publicServiceSpec>;
