import * as z from 'zod';
import { list, oneOf, report, text, whole } from '../schema/checked.js';
import { labels, name } from '../schema/metadata.js';
import { duration } from '../schema/policy-fields.js';

import { checkMachineAddress, checkServiceAccount } from '../text/machines.js';
import { checkLocality, checkNetwork } from '../text/scalars.js';
import { SERVICE_PROTOCOLS } from './policy-words.js';
import { siteFaults } from './site-faults.js';
import { waysOf } from '../schema/variants.js';

const serviceAccount = text(checkServiceAccount, {
  description: 'Kubernetes service account whose identity the machines carry.',
  maxLength: 253,
});

const port = z
  .strictObject({
    number: whole(1, 65_535, 'The port that workloads call.'),
    protocol: oneOf(SERVICE_PROTOCOLS, 'What is spoken on it.'),
    targetPort: whole(1, 65_535, 'The port on which machines listen; default the same.').optional(),
  })
  .meta({ description: 'A port of the service.' });

const readiness = z
  .strictObject({
    http: z
      .strictObject({
        path: text(
          (value) =>
            /^\/[\x21-\x7e]{0,1023}$/.test(value)
              ? undefined
              : { code: 'ISM0947', message: `${JSON.stringify(value)} is not a path that starts with /` },
          { description: 'The path that answers 2xx or 3xx.', examples: ['/healthz'] },
        ),
        port: whole(1, 65_535, 'A port of the machine.'),
      })
      .meta({ description: 'Ready if it answers.' })
      .optional(),
    tcp: z
      .strictObject({ port: whole(1, 65_535, 'A port of the machine.') })
      .meta({ description: 'Ready if it takes connections.' })
      .optional(),
    period: duration('Time between two probes, in whole seconds; default 10s.', {
      first: 1_000,
      last: 300_000,
    }).optional(),
    timeout: duration('How long a probe waits, in whole seconds; default 1s.', {
      first: 1_000,
      last: 60_000,
    }).optional(),
    failures: whole(1, 100, 'Failures in a row after which a machine is not ready; default 3.').optional(),
  })
  .meta({
    description: 'What the proxy of a machine asks it; a machine that does not answer gets no requests.',
    ...waysOf([
      { title: 'By HTTP', has: ['http'] },
      { title: 'By TCP', has: ['tcp'] },
    ]),
  });

const service = z
  .strictObject({
    name: name('Name of the service: that of a Kubernetes Service in the namespace, or a new one.'),
    ports: list(port, {
      description: 'Its ports; left out where a Kubernetes Service of that name has them.',
      whenEmpty: 'ISM0020',
    }).optional(),
    labels: labels(
      'Labels by which membership rules and groups select a service that lives on machines alone.',
    ).optional(),
    serviceAccount: serviceAccount.optional(),
    readiness: readiness.optional(),
  })
  .meta({ description: 'A service that machines of the site serve.' });

const workload = z
  .strictObject({
    name: name('Name of the machine, unique in the site.'),
    service: name('Name of a service of the site.'),
    address: text(checkMachineAddress, {
      description: 'IPv4 address at which the proxies of the cluster reach the machine.',
      examples: ['10.9.0.4'],
    }),
    ports: list(
      z
        .strictObject({
          number: whole(1, 65_535, 'A port of the service.'),
          targetPort: whole(1, 65_535, 'The port on which this machine listens.'),
        })
        .meta({ description: 'A port that differs on this machine.' }),
      { description: 'Ports on which this machine listens elsewhere.', whenEmpty: 'ISM0020' },
    ).optional(),
    labels: labels('Labels of the machine, such as version.').optional(),
    serviceAccount: serviceAccount.optional(),
    locality: text(checkLocality, { description: 'region/zone, where it is not that of the site.' }).optional(),
    weight: whole(1, 10_000, 'Share of requests among the endpoints of the service; default 1.').optional(),
  })
  .meta({ description: 'A machine.' });

/** Spec of a WorkloadSite. */
export const workloadSiteSpec = z
  .strictObject({
    cluster: name('Name of the Cluster whose mesh the machines join.', 'Cluster'),
    namespace: name('Kubernetes namespace of the cluster that they belong to.', 'Namespace'),
    network: text(checkNetwork, {
      description: 'Name of their network, where proxies of the cluster do not reach them directly.',
    }).optional(),
    locality: text(checkLocality, {
      description: 'Where the machines are: region/zone or region/zone/subzone.',
    }).optional(),
    services: list(service, { description: 'What the machines serve.', whenEmpty: 'ISM0020' }),
    workloads: list(workload, { description: 'The machines.', whenEmpty: 'ISM0020' }),
  })
  .superRefine((spec, context) => {
    for (const { path, ...finding } of siteFaults(spec)) report(context, finding, path);
  })
  .meta({ description: 'Machines outside of Kubernetes that serve services of global namespaces.' });

export type WorkloadSiteSpec = z.output<typeof workloadSiteSpec>;
