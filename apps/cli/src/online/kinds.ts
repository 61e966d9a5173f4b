import { didYouMean, RESOURCE_KINDS, type ResourceKind } from '@isthmus/domain';
import { UsageError } from '../usage-error.js';

const WORDS: Readonly<Record<ResourceKind, readonly string[]>> = {
  Project: ['projects', 'project'],
  Cluster: ['clusters', 'cluster'],
  ClusterGroup: ['clustergroups', 'clustergroup', 'cg'],
  GlobalNamespace: ['globalnamespaces', 'globalnamespace', 'gns'],
  EncryptionPolicy: ['encryptionpolicies', 'encryptionpolicy', 'ep'],
  SloPolicy: ['slopolicies', 'slopolicy', 'slo'],
  DataGroup: ['datagroups', 'datagroup', 'dg'],
  EgressPolicy: ['egresspolicies', 'egresspolicy', 'egress'],
  ExternalService: ['externalservices', 'externalservice', 'es'],
  PublicService: ['publicservices', 'publicservice', 'ps'],
  ServiceGroup: ['servicegroups', 'servicegroup', 'sg'],
  TelemetryPolicy: ['telemetrypolicies', 'telemetrypolicy', 'tel'],
  WorkloadSite: ['workloadsites', 'workloadsite', 'site'],
  UserGroup: ['usergroups', 'usergroup', 'ug'],
  AccessPolicy: ['accesspolicies', 'accesspolicy', 'ap'],
  AuthenticationPolicy: ['authenticationpolicies', 'authenticationpolicy', 'authn'],
  TrafficPolicy: ['trafficpolicies', 'trafficpolicy', 'tp'],
  FailoverPolicy: ['failoverpolicies', 'failoverpolicy', 'fp'],
};

/** What may be written for a kind, for help and completion. */
export const KIND_WORDS: readonly string[] = RESOURCE_KINDS.map((kind) => WORDS[kind][0] ?? kind);

/** The kind behind a word: plural, singular or short, in any case. Throws a usage error with a hint for others. */
export function kindNamed(word: string): ResourceKind {
  const plain = word.toLowerCase().replaceAll('-', '');
  const found = RESOURCE_KINDS.find((kind) => WORDS[kind].includes(plain));
  if (found !== undefined) return found;
  const hint = didYouMean(plain, KIND_WORDS) ?? '';
  throw new UsageError(`unknown kind ${JSON.stringify(word)}: ${hint}`);
}
