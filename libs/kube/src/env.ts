/** Where the API of the surrounding cluster is, as every pod is told. */
export interface InClusterPlace {
  host: string;
  port: string;
  /** Folder with `token`, `ca.crt` and `namespace`. */
  folder: string;
}

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The surrounding cluster; undefined outside of one. */
export function inClusterPlace(environment: NodeJS.ProcessEnv = process.env): InClusterPlace | undefined {
  const host = environment['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443';
  return host === '' ? undefined : { host, port, folder: FOLDER };
}
