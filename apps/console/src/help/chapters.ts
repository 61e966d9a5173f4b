import type { ResourceKind } from '../resources/kinds.js';
import { helpMessages } from './help-messages.js';

/** A page of the product's documentation. */
export interface Chapter {
  /** Below the folder docs. */
  file: string;
  /** Where the console shows it. */
  to: string;
  title: string;
}

const addressOf = (file: string): string => `/help/${file.replace(/(\/README)?\.md$/, '')}`;

const GROUPS = {
  use: ['console', 'global-namespaces', 'clusters', 'slo', 'capabilities', 'issues'],
  policies: [
    'policies/README',
    'policies/encryption-policy',
    'policies/access-policy',
    'policies/authentication-policy',
    'policies/traffic-policy',
    'policies/failover-policy',
    'policies/egress-policy',
    'policies/telemetry-policy',
    'policies/external-service',
    'policies/public-service',
    'policies/workload-site',
    'policies/service-group',
    'policies/user-group',
    'policies/data-group',
  ],
  people: ['sign-in', 'roles', 'audit', 'security'],
  operate: ['install-agent', 'operations', 'configuration', 'architecture', 'safety', 'benchmarks', 'testbed'],
} as const;

type Stem = (typeof GROUPS)[keyof typeof GROUPS][number];

const chapterOf = (stem: Stem): Chapter => {
  const file = `${stem}.md`;
  return { file, to: addressOf(file), title: helpMessages.chapters[stem] };
};

/** All of them, in the order in which they are read. */
export const CHAPTER_GROUPS: readonly { title: string; chapters: readonly Chapter[] }[] = (
  ['use', 'policies', 'people', 'operate'] as const
).map((group) => ({ title: helpMessages.groups[group], chapters: GROUPS[group].map(chapterOf) }));

export const CHAPTERS: readonly Chapter[] = CHAPTER_GROUPS.flatMap(({ chapters }) => chapters);

/** Where the entry of an issue code is. */
export const issueAddress = (code: string): string => `/help/issues/${code}`;

/** What is written about each kind; the compiler misses one that is added. */
const OF_KIND: Readonly<Record<ResourceKind, Stem>> = {
  Cluster: 'clusters',
  ClusterGroup: 'clusters',
  GlobalNamespace: 'global-namespaces',
  TrafficPolicy: 'policies/traffic-policy',
  FailoverPolicy: 'policies/failover-policy',
  EncryptionPolicy: 'policies/encryption-policy',
  AccessPolicy: 'policies/access-policy',
  AuthenticationPolicy: 'policies/authentication-policy',
  EgressPolicy: 'policies/egress-policy',
  TelemetryPolicy: 'policies/telemetry-policy',
  SloPolicy: 'slo',
  ServiceGroup: 'policies/service-group',
  UserGroup: 'policies/user-group',
  DataGroup: 'policies/data-group',
  ExternalService: 'policies/external-service',
  PublicService: 'policies/public-service',
  WorkloadSite: 'policies/workload-site',
  Project: 'roles',
};

/** The chapter about a kind. */
export const chapterOfKind = (kind: ResourceKind): Chapter => chapterOf(OF_KIND[kind]);

const OF_PAGE: Readonly<Record<string, Stem>> = {
  '': 'console',
  issues: 'issues',
  decisions: 'operations',
  slos: 'slo',
  topology: 'console',
  audit: 'audit',
  tokens: 'sign-in',
  roles: 'roles',
  'service-accounts': 'roles',
  people: 'sign-in',
  sessions: 'sign-in',
  account: 'roles',
  revisions: 'architecture',
  service: 'policies/README',
  onboard: 'install-agent',
  'create-global-namespace': 'global-namespaces',
};

/** The chapter about a page that is no list, view or editor of a kind, by the first part of its path. */
export function chapterOfPage(part: string): Chapter | undefined {
  const stem = Object.hasOwn(OF_PAGE, part) ? OF_PAGE[part] : undefined;
  return stem === undefined ? undefined : chapterOf(stem);
}
