import * as z from 'zod';
import type {
  ClusterGroupSpec,
  ClusterSpec,
  EncryptionPolicySpec,
  GlobalNamespaceSpec,
  ProjectSpec,
  SloPolicySpec,
} from '../types.js';
import { RAW_EXTENSIONS } from '../raw-extensions.js';
import { checkClusterDomain, checkDomain, checkHostTemplate, checkTrustDomain } from '../text/domain-name.js';
import { checkAddress, checkCidr, checkVipCidr } from '../text/networks.js';
import { checkLocality, checkNetwork, checkObjective, checkVersion, checkWindow } from '../text/scalars.js';
import { freeText, list, oneOf, report, text, whole } from './checked.js';
import { labels, name, serviceName } from './metadata.js';
import { selector, consumerRule, membershipRule } from './selectors.js';
import { waysBy } from './variants.js';

/** Every mesh that a cluster may name. */
export const MESH_KINDS = ['istio', 'linkerd', 'kuma', 'consul', 'cilium', 'gateway-api'] as const;

const gateway = z
  .strictObject({
    address: text(checkAddress, { description: 'IP address or DNS name that other clusters dial.', maxLength: 253 }),
    port: whole(1, 65_535, 'TCP port that other clusters dial; default 15443.').optional(),
    namespace: name('Namespace of the gateway workload; default istio-system.').optional(),
    selector: labels('Pod labels of the gateway workload; default {istio: eastwestgateway}.', {
      mayBeEmpty: false,
    }).optional(),
    role: z
      .enum(['EAST_WEST', 'EastWest'])
      .transform(() => 'EAST_WEST' as const)
      .meta({ description: 'What the gateway is for; default EAST_WEST.' })
      .optional(),
  })
  .meta({ description: 'A gateway through which other clusters reach the services of this one.' });

const mesh = z
  .strictObject({
    kind: oneOf(MESH_KINDS, 'The mesh that runs in the cluster.'),
    version: text(checkVersion, { description: 'Version of the mesh, in quotes.', examples: ['1.30'] }).optional(),
    mode: oneOf(['sidecar', 'ambient'], 'How the mesh takes traffic; default sidecar.').optional(),
    rawExtensions: list(
      oneOf(
        RAW_EXTENSIONS,
        'ENVOY_FILTER: the agent may make EnvoyFilters, which rate limits need; the agent needs the right, too.',
      ),
      { description: 'Ways past the API of the mesh that are allowed in the cluster; default none.' },
    ).optional(),
  })
  .meta({ description: 'The mesh of the cluster.' });

const cidrs = (description: string) =>
  list(text(checkCidr, { description: 'An IPv4 network.', examples: ['10.1.0.0/16'] }), { description });

/** Spec of a Cluster. */
export const clusterSpec = z
  .strictObject({
    mesh,
    network: text(checkNetwork, {
      description: 'Name of the network; becomes a label value.',
      maxLength: 63,
    }).optional(),
    locality: text(checkLocality, {
      description: 'region/zone or region/zone/subzone.',
      examples: ['us-east-1/us-east-1a'],
    }).optional(),
    trustDomain: text(checkTrustDomain, { description: 'SPIFFE trust domain; default cluster.local.' }).optional(),
    clusterDomain: text(checkClusterDomain, {
      description: 'DNS domain of the cluster; default cluster.local.',
    }).optional(),
    podCIDRs: cidrs('Networks of the pods; VIP ranges are checked against them.').optional(),
    serviceCIDRs: cidrs('Networks of the services; VIP ranges are checked against them.').optional(),
    gateways: list(gateway, { description: 'Gateways; what is said here overrides what the agent finds.' }).optional(),
  })
  .meta({ description: 'What is said here overrides what the agent discovers.' }) satisfies z.ZodType<ClusterSpec>;

/** Spec of a ClusterGroup. */
export const clusterGroupSpec = z
  .strictObject({ clusters: selector('cluster') })
  .meta({ description: 'Which clusters belong to the group.' }) satisfies z.ZodType<ClusterGroupSpec>;

/** Spec of a Project. */
export const projectSpec = z
  .strictObject({ description: freeText(1024, 'What the project is for.').optional() })
  .meta({ description: 'A space of a team inside of the organization.' }) satisfies z.ZodType<ProjectSpec>;

/** Spec of a GlobalNamespace. */
export const globalNamespaceSpec = z
  .strictObject({
    domain: text(checkDomain, {
      description: 'DNS domain of the services: <service>.<domain>.',
      maxLength: 189,
      examples: ['bookinfo.global'],
    }),
    vipCIDR: text(checkVipCidr, { description: 'Range of the virtual IPs; default 240.64.0.0/12.' }).optional(),
    hostTemplate: text(checkHostTemplate, {
      description: 'Host of a service from {service}, {namespace}, {domain}; default {service}.{domain}.',
      examples: ['{service}.{namespace}.{domain}'],
    }).optional(),
    members: list(membershipRule, {
      description: 'Rules that select the services; they are ORed.',
      whenEmpty: 'ISM0020',
    }),
    consumers: list(consumerRule, {
      description: 'Rules that select namespaces which may call but own nothing; members may call anyway.',
    }).optional(),
    exclude: list(membershipRule, { description: 'Rules that take services out again.' }).optional(),
  })
  .meta({ description: 'Domain and membership of the global namespace.' }) satisfies z.ZodType<GlobalNamespaceSpec>;

const globalNamespace = name('Name of a GlobalNamespace of the same project.', 'GlobalNamespace');

/** Spec of an EncryptionPolicy. */
export const encryptionPolicySpec = z
  .strictObject({
    targets: list(z.strictObject({ globalNamespace }).meta({ description: 'A global namespace.' }), {
      description: 'Global namespaces that the policy holds for.',
      whenEmpty: 'ISM0020',
    }),
    mode: oneOf(
      ['DISABLE', 'PERMISSIVE', 'STRICT'],
      'DISABLE: plaintext. PERMISSIVE: servers accept both. STRICT: mutual TLS only.',
    ),
  })
  .meta({ description: 'How services of global namespaces encrypt.' }) satisfies z.ZodType<EncryptionPolicySpec>;

const target = z
  .strictObject({
    globalNamespace,
    service: serviceName(
      'One service: <service>, or <service>.<namespace> where hosts hold the namespace. Left out: all.',
    ).optional(),
  })
  .meta({ description: 'A global namespace or one of its services.' });

const indicator = z
  .strictObject({
    type: oneOf(
      ['AVAILABILITY', 'LATENCY'],
      'AVAILABILITY: requests that did not fail. LATENCY: requests faster than thresholdMs.',
    ),
    thresholdMs: whole(1, 3_600_000, 'Milliseconds; for LATENCY only.').optional(),
  })
  .superRefine(({ type, thresholdMs }, context) => {
    if ((type === 'LATENCY') === (thresholdMs !== undefined)) return;
    const message = type === 'LATENCY' ? 'LATENCY needs thresholdMs' : 'AVAILABILITY has no thresholdMs';
    report(context, { code: 'ISM0024', message }, ['thresholdMs']);
  })
  .meta({
    description: 'Which requests are good.',
    ...waysBy('type', { AVAILABILITY: { has: [] }, LATENCY: { has: ['thresholdMs'] } }),
  });

const timeWindow = z
  .strictObject({
    duration: text(checkWindow, {
      description: 'Length of the window, 1h to 90d.',
      examples: ['28d'],
      'x-isthmus-format': 'duration',
    }),
    isRolling: z.literal(true).meta({ description: 'Windows are rolling.' }),
  })
  .meta({ description: 'The time over which the objective holds.' });

/** Spec of an SloPolicy. */
export const sloPolicySpec = z
  .strictObject({
    targets: list(target, { description: 'What the objective holds for.', whenEmpty: 'ISM0020' }),
    indicator,
    objective: text(checkObjective, {
      description: 'Share of good requests as a decimal fraction in a string, 0 < x < 1, at most 6 decimals.',
      examples: ['0.999'],
    }),
    timeWindow,
  })
  .meta({
    description: 'A service level objective over the ratio of good to all requests.',
  }) satisfies z.ZodType<SloPolicySpec>;
