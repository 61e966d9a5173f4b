import {
  FEATURE_KINDS,
  FEATURE_MERGE,
  FEATURE_SIDE,
  type FeatureKind,
  type FeatureOf,
  type MeshKind,
  type PortProtocol,
} from '@isthmus/domain';
import { supportOf } from './registry.js';
import type { IntentFeature, SupportFacts, SupportVerdict } from './support.js';

/**
 * How a feature was proven on Istio. DATAPLANE: requests through real proxies. CONFIG: schema, istioctl and a real istiod take it.
 * SCHEMA: it fits the schema of the custom resource.
 */
type ProofLevel = 'DATAPLANE' | 'CONFIG' | 'SCHEMA';

/** A feature with every field that a verdict may depend on, and how it was proven. */
type Capability<K extends FeatureKind> = { proof: ProofLevel; sample: FeatureOf<K> };

/** Every feature with its proof: total, so that a new one does not compile without its row. */
const CAPABILITIES: { readonly [K in FeatureKind]: Capability<K> } = {
  timeout: { proof: 'DATAPLANE', sample: { kind: 'timeout', requestMs: 1_000, idleMs: 1_000, connectMs: 1_000 } },
  retry: { proof: 'DATAPLANE', sample: { kind: 'retry', attempts: 2 } },
  connectionPool: {
    proof: 'CONFIG',
    sample: { kind: 'connectionPool', maxConnections: 10, maxPendingRequests: 10, maxRequests: 10, maxRetries: 1 },
  },
  outlierDetection: { proof: 'CONFIG', sample: { kind: 'outlierDetection', consecutive5xxErrors: 5 } },
  loadBalancing: { proof: 'CONFIG', sample: { kind: 'loadBalancing', hash: { header: 'x-user' } } },
  faults: { proof: 'DATAPLANE', sample: { kind: 'faults', abort: { httpStatus: 503, share: 100 } } },
  cors: {
    proof: 'CONFIG',
    sample: { kind: 'cors', allowOrigins: [{ type: 'EXACT', value: 'https://shop.example.com' }] },
  },
  egress: { proof: 'DATAPLANE', sample: { kind: 'egress', default: 'DENY' } },
  routes: {
    proof: 'DATAPLANE',
    sample: { kind: 'routes', rules: [{ name: 'canary', backends: [{ version: 'v2', weight: 10 }] }] },
  },
  localRateLimit: {
    proof: 'DATAPLANE',
    sample: { kind: 'localRateLimit', requests: 100, intervalMs: 1_000, burst: 100 },
  },
  globalRateLimit: {
    proof: 'DATAPLANE',
    sample: {
      kind: 'globalRateLimit',
      host: 'ratelimit.infra.svc.cluster.local',
      port: 8081,
      domain: 'shop',
      timeoutMs: 100,
      failureMode: 'OPEN',
      descriptors: [[{ key: 'service', value: 'cart' }]],
    },
  },
  accessLogs: { proof: 'DATAPLANE', sample: { kind: 'accessLogs', enabled: true } },
  tracing: { proof: 'CONFIG', sample: { kind: 'tracing', samplingBasisPoints: 100 } },
  metrics: { proof: 'CONFIG', sample: { kind: 'metrics', overrides: [] } },
  failover: { proof: 'DATAPLANE', sample: { kind: 'failover', mode: 'ACTIVE_ACTIVE', minHealthy: 5_000 } },
  cordon: { proof: 'DATAPLANE', sample: { kind: 'cordon', clusters: ['east'], drain: true } },
  authorization: {
    proof: 'DATAPLANE',
    sample: { kind: 'authorization', rules: [{ action: 'ALLOW', from: [{ namespaces: ['shop'] }] }] },
  },
  requestAuthentication: {
    proof: 'DATAPLANE',
    sample: { kind: 'requestAuthentication', issuers: [{ issuer: 'ci', jwksUri: 'https://ci.example.com/keys' }] },
  },
};

/** What is no policy: services outside of Kubernetes or of the mesh. */
const SERVICES = {
  machine: { title: 'machines (WorkloadSite)', proof: 'DATAPLANE', sample: { kind: 'machine' } },
  externalService: { title: 'external services', proof: 'DATAPLANE', sample: { kind: 'externalService' } },
  publicService: {
    ...{ title: 'public services', proof: 'DATAPLANE' },
    sample: { kind: 'publicService', namespace: 'istio-ingress' },
  },
} as const satisfies Record<string, { title: string; proof: ProofLevel; sample: IntentFeature }>;

const FACTS = { gateway: true, locality: true, trustDomain: 'cluster.local', remoteTrustDomains: [] } as const;

interface Column {
  title: string;
  facts: SupportFacts;
  protocol: PortProtocol;
}

const mesh = (title: string, kind: MeshKind): Column => ({ title, facts: { ...FACTS, mesh: kind }, protocol: 'HTTP' });

const COLUMNS: readonly Column[] = [
  mesh('Istio', 'istio'),
  { ...mesh('Istio, TCP', 'istio'), protocol: 'TCP' },
  { title: 'Istio ambient', facts: { ...FACTS, mesh: 'istio', mode: 'ambient' }, protocol: 'HTTP' },
  {
    title: 'Istio with EnvoyFilter',
    facts: { ...FACTS, mesh: 'istio', rawExtensions: ['ENVOY_FILTER'] },
    protocol: 'HTTP',
  },
  mesh('Linkerd', 'linkerd'),
  mesh('Kuma', 'kuma'),
  mesh('Consul', 'consul'),
  mesh('Cilium', 'cilium'),
  mesh('Gateway API', 'gateway-api'),
];

function verdict(kind: FeatureKind, { facts, protocol }: Column): SupportVerdict {
  return supportOf({ ...CAPABILITIES[kind].sample, protocols: [protocol] }, facts);
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function table(head: readonly string[], rows: readonly string[][]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

function overview(): string {
  const head = ['feature', 'acts in', 'merged', ...COLUMNS.map(({ title }) => title), 'proof on Istio'];
  const merged = { ATOMIC: 'whole', UNION: 'together' } as const;
  return table(
    head,
    FEATURE_KINDS.map((kind) => [
      kind,
      FEATURE_SIDE[kind],
      merged[FEATURE_MERGE[kind]],
      ...COLUMNS.map((column) => verdict(kind, column).state),
      CAPABILITIES[kind].proof,
    ]),
  );
}

function services(): string {
  const head = ['service', ...COLUMNS.map(({ title }) => title), 'proof on Istio'];
  const rows = Object.values(SERVICES).map(({ title, proof, sample }) => [
    title,
    ...COLUMNS.map(({ facts }) => supportOf(sample, facts).state),
    proof,
  ]);
  return table(head, rows);
}

/** What is not wholly supported, once for each reason of a column. */
function shortfalls(): string {
  const rows = COLUMNS.flatMap((column) => {
    const found = new Map<string, FeatureKind[]>();
    for (const kind of FEATURE_KINDS) {
      const { state, reason = '', fields, alternative = '' } = verdict(kind, column);
      if (state === 'supported') continue;
      const key = row([column.title, state, reason, fields.join(', '), alternative]);
      found.set(key, [...(found.get(key) ?? []), kind]);
    }
    return [...found].map(([key, kinds]) => `${key} ${kinds.join(', ')} |`);
  });
  const head = ['where', 'verdict', 'reason', 'fields', 'what to do', 'features'];
  return [row(head), row(head.map(() => '---')), ...rows].join('\n');
}

/** The text of docs/capabilities.md: what each mesh can do of each feature, by the very verdicts that agents give. */
export function capabilityDocs(): string {
  return `# Capabilities

What each mesh can do of what policies ask for. Generated from the code by \`npm run generate\`; do not edit.

${overview()}

"acts in": the proxies of clients, of servers, or both. "merged": of several policies the narrowest scope wins whole, or all hold
together ([rules](policies/README.md)). Verdicts are those on a policy with the fields that matter; without them it may be supported.

${services()}

Proof: DATAPLANE = requests through real proxies; CONFIG = schema of the custom resource, \`istioctl validate\` and \`analyze\`, and a real
istiod take it; SCHEMA = the schema alone. Upstream Envoy has no Istio extensions, so tracing and metrics cannot be more than CONFIG.

## What is missing

${shortfalls()}
`;
}
