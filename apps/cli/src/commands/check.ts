import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { issue } from '@isthmus/domain';
import {
  asGatewayDial,
  checkCluster,
  checkInstaller,
  checkRights,
  DEFAULT_NAMESPACE,
  DEFAULTS,
  findingLines,
  isClear,
  judgeGatewayDial,
  NAMES,
  skipped,
  type Finding,
} from '@isthmus/installation';
import { connectKube, resourceType, type KubeClient } from '@isthmus/kube';
import { probeTls, proxyAddress, proxyFor } from '@isthmus/platform';
import { tell } from '../online/session.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

/** Options of `check`. */
export interface CheckOptions {
  kubeconfig?: string;
  kubeContext?: string;
  namespace?: string;
  meshNamespace?: string;
  gateway?: string;
  ca?: string;
  proxy?: string;
  output?: 'json';
}

const REQUEST_MS = 10_000;

/** `isthmus check`: whether a cluster is ready for an agent, seen with the rights of a kubeconfig, before anything is installed. */
export async function checkCommand(terminal: Terminal, options: CheckOptions): Promise<ExitCode> {
  if ((options.gateway === undefined) !== (options.ca === undefined))
    throw new UsageError('--gateway and --ca belong together');
  const client = await connect(terminal, options);
  if (typeof client === 'string')
    return tell(terminal, [issue('ISM0680', { message: client, hint: '--kubeconfig FILE, --kube-context NAME' })]);
  try {
    const groups = await Promise.all([checkOf(client, options), gatewayOf(options)]);
    const findings = groups.flat();
    const isOk = isClear(findings);
    if (options.output === 'json') terminal.out(`${JSON.stringify({ ok: isOk, findings }, null, 2)}\n`);
    else terminal.out(`${findingLines(findings).join('\n')}\n`);
    return isOk ? EXIT.ok : EXIT.issues;
  } finally {
    client.close();
  }
}

async function connect(terminal: Terminal, options: CheckOptions): Promise<KubeClient | string> {
  const kubeconfig = options.kubeconfig ?? terminal.env.kubeconfig ?? join(homedir(), '.kube', 'config');
  try {
    const target = { kubeconfig, ...(options.kubeContext === undefined ? {} : { context: options.kubeContext }) };
    return await connectKube(target, { userAgent: 'isthmus', timeoutMs: REQUEST_MS });
  } catch (error) {
    return `the kubeconfig ${kubeconfig} cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function checkOf(client: KubeClient, options: CheckOptions): Promise<Finding[]> {
  const { namespace = DEFAULT_NAMESPACE, meshNamespace = DEFAULTS.mesh.namespace } = options;
  const accounts = resourceType('v1', 'ServiceAccount', 'serviceaccounts');
  const [cluster, account] = await Promise.all([
    checkCluster(client, meshNamespace),
    client.getOf(accounts, { namespace, name: NAMES.agent }),
  ]);
  const rights = account.ok
    ? await checkRights(client, { namespace, asAccount: true })
    : [
        skipped('rights of the agent', `no agent is installed in ${namespace}`),
        ...(await checkInstaller(client, namespace)),
      ];
  return [...cluster, ...rights];
}

/** From this machine: the cluster may have another way to the gateway, and the agent's own check tells. */
async function gatewayOf({ gateway, ca, proxy }: CheckOptions): Promise<Finding[]> {
  if (gateway === undefined || ca === undefined)
    return [skipped('gateway', 'give --gateway and --ca to dial it from here')];
  if (!URL.canParse(gateway) || new URL(gateway).protocol !== 'https:')
    throw new UsageError('--gateway is an https:// address');
  const pem = await readFile(ca, 'utf8').catch((error: unknown) => {
    throw new UsageError(`--ca ${ca}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const settings = { httpsProxy: proxy };
  const url = new URL('/healthz', gateway).href;
  const outcome = await probeTls({ url, ca: pem, agent: proxyFor(gateway, settings) });
  return judgeGatewayDial(asGatewayDial(outcome), {
    url: gateway,
    proxy: proxyAddress(gateway, settings),
    now: Date.now(),
  });
}
