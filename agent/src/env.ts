import { LOG_LEVELS } from '@isthmus/platform';
import * as z from 'zod';

/** Settings from the environment; each has a flag that wins. */
export const agentEnvSchema = z.object({
  ISTHMUS_GATEWAY: z.string().optional().describe('Address of the agent gateway, https://host:port'),
  ISTHMUS_TOKEN_FILE: z.string().optional().describe('File with the single-use enrolment token'),
  ISTHMUS_CA: z.string().optional().describe('File with the CA of the gateway (PEM)'),
  ISTHMUS_STATE: z.string().optional().describe('Folder for identity and bundle'),
  ISTHMUS_CLUSTER_PORT: z.string().optional().describe('Kind of cluster: directory or kubernetes'),
  ISTHMUS_MANIFESTS: z.string().optional().describe('directory: folder with the manifests of the cluster'),
  ISTHMUS_OUT: z.string().optional().describe('directory: folder for rendered objects'),
  ISTHMUS_AGENT_NAMESPACE: z.string().optional().describe('Namespace that the agent owns; default isthmus-system'),
  ISTHMUS_KUBECONFIG: z.string().optional().describe("kubernetes: kubeconfig; default is the pod's own cluster"),
  ISTHMUS_IDENTITY_SECRET: z.string().optional().describe('kubernetes: Secret of the identity'),
  ISTHMUS_MESH_NAMESPACE: z.string().optional().describe("kubernetes: namespace of the mesh's control plane"),
  ISTHMUS_ALLOW: z
    .string()
    .optional()
    .describe('Kinds beyond those of the mesh that the agent may write, comma-separated: envoyFilters'),
  ISTHMUS_SETTLE_SECONDS: z.coerce
    .number()
    .min(0)
    .max(600)
    .default(2)
    .describe('How long the old view of a service stays when it moves to another namespace'),
  ISTHMUS_LINGER_SECONDS: z.coerce
    .number()
    .min(0)
    .max(3600)
    .default(10)
    .describe('How long subsets, versions and gateway ports stay after the routes that named them were replaced'),
  ISTHMUS_LEAD_SECONDS: z.coerce
    .number()
    .min(0)
    .max(3600)
    .default(1)
    .describe('How long subsets and hosts stand before routes that name them for the first time'),
  ISTHMUS_LOG_LEVEL: z.enum(LOG_LEVELS).default('info').describe('Least severe level of the log'),
  ISTHMUS_PROMETHEUS: z.string().optional().describe('Metrics store of this cluster; without one nothing is measured'),
  ISTHMUS_PROMETHEUS_TOKEN_FILE: z.string().optional().describe('File with the bearer token for the metrics store'),
  ISTHMUS_PROMETHEUS_TIMEOUT: z.string().optional().describe('Seconds for one query; default 10'),
  ISTHMUS_PROMETHEUS_SIMULATED: z
    .enum(['true', 'false'])
    .optional()
    .describe('true: the metrics store replays recorded series; what comes of them is marked SIMULATED'),
  HTTPS_PROXY: z.string().optional().describe('HTTP proxy to dial through'),
  NO_PROXY: z.string().optional().describe('Hosts that are dialled directly, comma-separated'),
});

export type AgentEnv = Readonly<z.infer<typeof agentEnvSchema>>;

/** All faults of the environment at once, or the settings. */
export function readAgentEnv(
  source: NodeJS.ProcessEnv = process.env,
): { ok: true; env: AgentEnv } | { ok: false; faults: string[] } {
  const lower = {
    HTTPS_PROXY: source['HTTPS_PROXY'] ?? source['https_proxy'],
    NO_PROXY: source['NO_PROXY'] ?? source['no_proxy'],
  };
  const parsed = agentEnvSchema.safeParse({ ...source, ...lower });
  if (parsed.success) return { ok: true, env: Object.freeze(parsed.data) };
  return {
    ok: false,
    faults: parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`),
  };
}
