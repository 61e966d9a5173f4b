import { sha256Hex, type KubeObject } from '@isthmus/domain';
import { INSTALL_LABELS, NAMES, SELECTOR } from '../names.js';
import { AGENT_RUNTIME, DEFAULTS, imageOf, type InstallationValues } from '../values.js';
import { metadataOf } from './place.js';

const PATHS = {
  gateway: '/etc/isthmus/gateway',
  token: '/etc/isthmus/enrolment',
  extraCa: '/etc/isthmus/extra-ca',
  state: '/var/lib/isthmus',
} as const;

/** The agent itself: one pod, unprivileged, with nothing of the node and a read-only root. */
export function deploymentObject(namespace: string, values: InstallationValues): KubeObject {
  const trusted = sha256Hex(`${values.gateway.ca.trim()}\n${(values.extraCa?.pem ?? '').trim()}`);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(NAMES.agent, namespace),
    spec: {
      replicas: 1,
      selector: { matchLabels: { ...SELECTOR } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: {
          labels: { ...INSTALL_LABELS, 'sidecar.istio.io/inject': 'false' },
          annotations: { 'isthmus.dev/trusted': trusted },
        },
        spec: podSpec(values),
      },
    },
  };
}

function podSpec(values: InstallationValues): object {
  const hasExtraCa = (values.extraCa?.pem ?? '') !== '';
  return {
    serviceAccountName: NAMES.agent,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    securityContext: {
      runAsNonRoot: true,
      ...{ runAsUser: 65_532, runAsGroup: 65_532, fsGroup: 65_532 },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'agent',
        image: imageOf(values),
        imagePullPolicy: 'IfNotPresent',
        args: ['run'],
        env: environment(values),
        resources: DEFAULTS.resources,
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'gateway-ca', mountPath: PATHS.gateway, readOnly: true },
          { name: 'token', mountPath: PATHS.token, readOnly: true },
          ...(hasExtraCa ? [{ name: 'extra-ca', mountPath: PATHS.extraCa, readOnly: true }] : []),
          { name: 'state', mountPath: PATHS.state },
        ],
      },
    ],
    volumes: [
      { name: 'gateway-ca', configMap: { name: NAMES.gatewayCa } },
      { name: 'token', secret: { secretName: NAMES.tokenSecret, optional: true, defaultMode: 0o440 } },
      ...(hasExtraCa ? [{ name: 'extra-ca', configMap: { name: NAMES.extraCa } }] : []),
      { name: 'state', emptyDir: { sizeLimit: DEFAULTS.cacheSize } },
    ],
  };
}

function environment(values: InstallationValues): object[] {
  const { gateway, mesh = {}, proxy = {}, prometheus = {}, extraCa = {}, rbac = {} } = values;
  const fixed: [string, string][] = [
    ['ISTHMUS_CLUSTER_PORT', 'kubernetes'],
    ['ISTHMUS_GATEWAY', gateway.url],
    ['ISTHMUS_CA', `${PATHS.gateway}/ca.crt`],
    ['ISTHMUS_TOKEN_FILE', `${PATHS.token}/token`],
    ['ISTHMUS_STATE', PATHS.state],
    ['ISTHMUS_IDENTITY_SECRET', NAMES.identitySecret],
    ['ISTHMUS_MESH_NAMESPACE', mesh.namespace ?? DEFAULTS.mesh.namespace],
    ['ISTHMUS_LOG_LEVEL', 'info'],
    ...Object.entries(AGENT_RUNTIME),
  ];
  const chosen: [string, string | undefined][] = [
    ['ISTHMUS_ALLOW', rbac.envoyFilters === true ? 'envoyFilters' : undefined],
    ['HTTPS_PROXY', proxy.https],
    ['NO_PROXY', proxy.noProxy],
    ['NODE_EXTRA_CA_CERTS', (extraCa.pem ?? '') === '' ? undefined : `${PATHS.extraCa}/ca.crt`],
    ['ISTHMUS_PROMETHEUS', prometheus.url],
  ];
  const plain = [...fixed, ...chosen].flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [{ name, value }],
  );
  const namespace = { name: 'ISTHMUS_AGENT_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } };
  return [namespace, ...plain];
}
