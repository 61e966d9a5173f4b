import { isProjectScoped, type ResourceKind } from '@isthmus/domain';
import type { RemoteResource } from '../online/answers.js';
import { age, table } from './table.js';

type Column = [head: string, cell: (resource: RemoteResource) => string];

const spec = (field: string) => (resource: RemoteResource) => textOf(resource.spec[field]);
const condition = (type: string) => (resource: RemoteResource) =>
  resource.conditions.find((one) => one.type === type)?.status ?? 'UNKNOWN';
const targets: Column = ['TARGETS', ({ spec: { targets: all } }) => list(all).map(targetText).join(',')];

const NO_BLOCKS: ReadonlySet<string> = new Set(['targets', 'enforced']);
const blocks: Column = [
  'SETS',
  ({ spec: all }) =>
    Object.keys(all)
      .filter((key) => !NO_BLOCKS.has(key))
      .join(','),
];
const enforced: Column = ['ENFORCED', ({ spec: { enforced: is } }) => (is === true ? 'true' : '')];

const hosts: Column = ['HOSTS', ({ spec: { hosts: all } }) => list(all).map(textOf).join(',')];

const COLUMNS: Readonly<Record<ResourceKind, readonly Column[]>> = {
  Project: [],
  Cluster: [
    ['MESH', ({ spec: { mesh } }) => textOf(field(mesh, 'kind'))],
    ['CONNECTED', condition('Connected')],
    ['APPLIED', condition('Applied')],
  ],
  ClusterGroup: [],
  GlobalNamespace: [
    ['DOMAIN', spec('domain')],
    ['VALID', condition('Valid')],
    ['APPLIED', condition('Applied')],
  ],
  EncryptionPolicy: [['MODE', spec('mode')], targets],
  SloPolicy: [
    ['INDICATOR', ({ spec: { indicator } }) => textOf(field(indicator, 'type'))],
    ['OBJECTIVE', spec('objective')],
    targets,
  ],
  DataGroup: [['MEMBERS', ({ spec: { members } }) => String(list(members).length)]],
  EgressPolicy: [['DEFAULT', spec('default')], targets],
  ExternalService: [hosts, targets],
  PublicService: [hosts, ['TLS', ({ spec: { tls } }) => textOf(field(tls, 'mode'))], targets],
  ServiceGroup: [['RULES', ({ spec: { members } }) => String(list(members).length)]],
  TelemetryPolicy: [blocks, targets],
  WorkloadSite: [
    ['CLUSTER', spec('cluster')],
    ['NAMESPACE', spec('namespace')],
    [
      'SERVICES',
      ({ spec: { services } }) =>
        list(services)
          .map((one) => textOf(field(one, 'name')))
          .join(','),
    ],
    ['MACHINES', ({ spec: { workloads } }) => String(list(workloads).length)],
  ],
  UserGroup: [['RULES', ({ spec: { members } }) => String(list(members).length)]],
  AccessPolicy: [
    ['MODE', ({ spec: { mode } }) => textOf(mode) || 'ENFORCE'],
    ['DEFAULT', spec('default')],
    ['RULES', ({ spec: { rules } }) => String(list(rules).length)],
    targets,
  ],
  AuthenticationPolicy: [
    ['TOKENS', ({ spec: { tokens } }) => textOf(tokens) || 'REQUIRED'],
    [
      'ISSUERS',
      ({ spec: { issuers } }) =>
        list(issuers)
          .map((one) => textOf(field(one, 'issuer')))
          .join(','),
    ],
    targets,
  ],
  TrafficPolicy: [blocks, targets],
  FailoverPolicy: [blocks, targets],
};

const WIDE: Readonly<Record<ResourceKind, readonly Column[]>> = {
  Project: [['DESCRIPTION', spec('description')]],
  Cluster: [
    ['VERSION', ({ spec: { mesh } }) => textOf(field(mesh, 'version'))],
    ['NETWORK', spec('network')],
    ['LOCALITY', spec('locality')],
    ['TRUST-DOMAIN', spec('trustDomain')],
    ['AGENT', ({ agent }) => agent?.version ?? ''],
  ],
  ClusterGroup: [],
  GlobalNamespace: [
    ['VIP-CIDR', spec('vipCIDR')],
    ['GENERATION', ({ generation }) => String(generation)],
  ],
  EncryptionPolicy: [],
  DataGroup: [],
  EgressPolicy: [enforced],
  ExternalService: [['PORTS', ({ spec: { ports } }) => list(ports).map(portText).join(',')]],
  PublicService: [['CREDENTIAL', ({ spec: { tls } }) => textOf(field(tls, 'credential'))]],
  ServiceGroup: [],
  TelemetryPolicy: [enforced],
  WorkloadSite: [
    ['NETWORK', spec('network')],
    ['LOCALITY', spec('locality')],
  ],
  UserGroup: [],
  AccessPolicy: [enforced],
  AuthenticationPolicy: [enforced],
  TrafficPolicy: [enforced],
  FailoverPolicy: [enforced],
  SloPolicy: [['WINDOW', ({ spec: { timeWindow } }) => textOf(field(timeWindow, 'duration'))]],
};

/** The table of resources of one kind. */
export function resourceTable(
  kind: ResourceKind,
  resources: readonly RemoteResource[],
  { isWide, now }: { isWide: boolean; now: Date },
): string {
  const columns: Column[] = [
    ...(isProjectScoped(kind) ? [['PROJECT', ({ projectName }) => projectName ?? ''] satisfies Column] : []),
    ['NAME', ({ name }) => name],
    ...COLUMNS[kind],
    ...(isWide ? WIDE[kind] : []),
    ['AGE', ({ createdAt }) => age(createdAt, now)],
    ...(isWide ? [['LABELS', labels] satisfies Column] : []),
  ];
  return table(
    columns.map(([head]) => head),
    resources.map((one) => columns.map(([, cell]) => cell(one))),
  );
}

const labels = (resource: RemoteResource) => resource.labels.map(({ name, value }) => `${name}=${value}`).join(',');
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function portText(port: unknown): string {
  return `${textOf(field(port, 'number'))}/${textOf(field(port, 'protocol'))}`;
}

function targetText(target: unknown): string {
  const group = textOf(field(target, 'serviceGroup'));
  const parts = [
    textOf(field(target, 'scope')) || textOf(field(target, 'globalNamespace')),
    group && `group:${group}`,
    textOf(field(target, 'service')),
  ];
  const port = textOf(field(target, 'port'));
  return [parts.filter(Boolean).join('/'), port].filter(Boolean).join(':');
}
