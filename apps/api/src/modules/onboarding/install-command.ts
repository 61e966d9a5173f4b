export interface InstallCommand {
  cluster: string;
  gatewayUrl: string;
  secret: string;
  hasCa: boolean;
}

/** Shell lines that start an agent over folders of manifests. Cluster names, addresses and secrets hold nothing that a shell would read. */
export function installCommand({ cluster, gatewayUrl, secret, hasCa }: InstallCommand): string {
  const lines = [
    `umask 077 && mkdir -p ${cluster}/state && printf '%s' '${secret}' > ${cluster}/token`,
    ...(hasCa ? [`# store gatewayCa of this answer as ${cluster}/ca.pem`] : []),
    [
      'isthmus-agent run',
      `--gateway ${gatewayUrl}`,
      `--token-file ${cluster}/token`,
      ...(hasCa ? [`--ca ${cluster}/ca.pem`] : []),
      `--state ${cluster}/state`,
      '--cluster-port directory',
      `--manifests ${cluster}/manifests`,
      `--out ${cluster}/out`,
    ].join(' \\\n  '),
  ];
  return lines.join('\n');
}
