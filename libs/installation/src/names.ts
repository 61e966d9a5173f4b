/** The release that these objects install. */
export const RELEASE = '0.1.0';

/** Names of what an installation makes: the same whatever a Helm release is called, since a cluster has one agent. */
export const NAMES = {
  agent: 'isthmus-agent',
  meshWriter: 'isthmus-agent-mesh',
  identitySecret: 'isthmus-agent-identity',
  tokenSecret: 'isthmus-agent-token',
  gatewayCa: 'isthmus-agent-gateway-ca',
  extraCa: 'isthmus-agent-extra-ca',
  lease: 'isthmus-agent',
  purgeJob: 'isthmus-agent-purge',
} as const;

export const DEFAULT_NAMESPACE = 'isthmus-system';

/** What a selector matches. */
export const SELECTOR: Readonly<Record<string, string>> = {
  'app.kubernetes.io/name': NAMES.agent,
  'app.kubernetes.io/component': 'agent',
};

/** On every object. Never `managed-by: isthmus`: that marks what an agent makes, and only that. */
export const INSTALL_LABELS: Readonly<Record<string, string>> = {
  ...SELECTOR,
  'app.kubernetes.io/part-of': 'isthmus',
  'app.kubernetes.io/version': RELEASE,
};

/** ConfigMaps of the record: a head, and parts by the first digit of a hash. */
export const RECORD_NAMES: readonly string[] = [
  'isthmus-record',
  ...[...'0123456789abcdef'].map((part) => `isthmus-record-${part}`),
];
