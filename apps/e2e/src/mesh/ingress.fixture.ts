import type { ClusterName, ExtraWorkloads, Testbed } from './testbed.fixture.js';

const NETWORKS: Readonly<Record<ClusterName, string>> = { a: '10.77.1', b: '10.77.2', c: '10.77.3' };

/** An ingress gateway in each of the clusters, and a caller beside it without a proxy. */
export function ingressWorkloads(clusters: readonly ClusterName[]): ExtraWorkloads {
  const pods = clusters.flatMap((cluster) => [
    `${cluster} ingress istio-ingress istio-ingress ${NETWORKS[cluster]}.5 ingress app=istio-ingress,istio=ingressgateway`,
    `${cluster} outside legacy default ${NETWORKS[cluster]}.31 bare app=outside`,
  ]);
  const service = 'istio-ingress istio-ingress istio-ingress LoadBalancer http2:80:80,https:443:443';
  return { pods, services: [`${clusters.join('')} ${service}`] };
}

/** What lets the gateway's account read the Secrets beside it, as the charts of Istio bring it. */
export const INGRESS_RIGHTS: readonly object[] = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'ingress', namespace: 'istio-ingress' },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'ingress', namespace: 'istio-ingress' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'ingress' },
    subjects: [{ kind: 'ServiceAccount', name: 'istio-ingress', namespace: 'istio-ingress' }],
  },
];

/** What a caller got from an ingress gateway; code 000: the connection was refused. */
interface PublicAnswer {
  code: string;
  redirect: string;
  backend: string;
  path: string;
  identity: string;
}

/** Callers outside of the mesh, who trust one authority. */
export class PublicCallers {
  constructor(
    private readonly testbed: Testbed,
    private readonly authority: string,
  ) {}

  /** One request to the ingress gateway of a cluster. */
  async call(cluster: ClusterName, url: string, ...curl: string[]): Promise<PublicAnswer> {
    const { hostname } = new URL(url);
    const resolve = [80, 443].flatMap((port) => ['--resolve', `${hostname}:${port}:${NETWORKS[cluster]}.5`]);
    const fixed = ['-sS', '-m', '6', '--cacert', this.authority, ...resolve, '-w', '\n%{http_code} %{redirect_url}'];
    const script = ['sh', '-c', 'curl "$@" 2>/dev/null || true', 'curl', ...fixed, ...curl, url];
    return answerOf(await this.testbed.cli('pod', 'exec', cluster, 'outside', ...script));
  }
}

/** The body, if a workload answered, and what curl wrote behind it. */
function answerOf(text: string): PublicAnswer {
  const lines = text.trimEnd().split('\n');
  const [code = '', redirect = ''] = (lines.at(-1) ?? '').split(' ');
  const body = lines.slice(0, -1).join('\n');
  const said = body.startsWith('{') ? (JSON.parse(body) as Record<string, string>) : {};
  const { cluster: server = '', pod = '', path = '', xfcc: identity = '' } = said;
  return { code, redirect, backend: server && `${server}/${pod}`, path, identity };
}
