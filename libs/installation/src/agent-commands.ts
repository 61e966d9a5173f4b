import { DEFAULT_NAMESPACE, NAMES } from './names.js';

/** What an agent needs for its first start. */
export interface AgentTicket {
  cluster: string;
  gatewayUrl: string;
  /** PEM; undefined: it is not known here. */
  gatewayCa: string | undefined;
  /** Undefined: whoever reads the lines has it already. */
  secret: string | undefined;
}

/** Shell lines that put token and CA into a folder named like the cluster. Names, tokens and PEM hold nothing that a shell would read. */
export function ticketFiles({ cluster, gatewayCa, secret }: AgentTicket): string {
  const token =
    secret === undefined
      ? `umask 077 && mkdir -p ${cluster} # and write the token to ${cluster}/token`
      : `umask 077 && mkdir -p ${cluster} && printf '%s' '${secret}' > ${cluster}/token`;
  const ca =
    gatewayCa === undefined
      ? `# write the CA that vouches for the gateway to ${cluster}/ca.pem`
      : `cat > ${cluster}/ca.pem <<'CA'\n${gatewayCa.trim()}\nCA`;
  return `${token}\n${ca}`;
}

/** The command that installs the agent from those files, by its chart. */
export function helmCommand({ cluster, gatewayUrl }: AgentTicket): string {
  return [
    `helm install ${NAMES.agent} deploy/charts/agent --namespace ${DEFAULT_NAMESPACE} --create-namespace`,
    `--set gateway.url=${gatewayUrl} --set-file gateway.ca=${cluster}/ca.pem`,
    `--set-file enrolment.token=${cluster}/token`,
  ].join(' \\\n  ');
}

/** The command that starts an agent over a folder of manifests from those files. */
export function folderCommand({ cluster, gatewayUrl }: AgentTicket): string {
  return [
    `${NAMES.agent} run --gateway ${gatewayUrl}`,
    `--token-file ${cluster}/token --ca ${cluster}/ca.pem --state ${cluster}/state`,
    `--cluster-port directory --manifests ${cluster}/manifests --out ${cluster}/out`,
  ].join(' \\\n  ');
}
