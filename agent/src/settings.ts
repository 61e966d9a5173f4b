import { parseArgs } from 'node:util';
import type { OptIn } from '@isthmus/installation';
import { parseOptIns } from './cluster/allowed-kinds.js';
import type { AgentEnv } from './env.js';
import { PROMETHEUS_FLAGS, PROMETHEUS_USAGE, readPrometheus } from './observe/signals/prometheus-settings.js';
import type { PrometheusSettings } from './observe/signals/prometheus-settings.js';

export const COMMANDS = ['run', 'check', 'purge'] as const;
export const CLUSTER_PORTS = ['directory', 'kubernetes'] as const;
export type ClusterPortKind = (typeof CLUSTER_PORTS)[number];
export type Command = (typeof COMMANDS)[number];

/** What the command line and the environment ask for together. */
export interface AgentSettings {
  command: Command;
  gateway: string;
  tokenFile: string | undefined;
  caFile: string | undefined;
  state: string;
  manifests: string;
  out: string;
  agentNamespace: string;
  clusterPort: ClusterPortKind;
  /** kubernetes: without one the cluster around the pod is meant. */
  kubeconfig: string | undefined;
  /** kubernetes: the Secret that holds the identity. */
  identitySecret: string;
  /** kubernetes: where the mesh's control plane runs. */
  meshNamespace: string;
  confirmed: boolean;
  /** Kinds beyond those of the mesh that may be written here. */
  optedIn: readonly OptIn[];
  /** How `check` tells what it found. */
  output: 'text' | 'json';
  /** Where this cluster is measured; undefined: nowhere. */
  prometheus: PrometheusSettings | undefined;
}

export type SettingsResult =
  { kind: 'settings'; settings: AgentSettings } | { kind: 'help' } | { kind: 'usage'; faults: string[] };

const FLAGS = {
  gateway: { type: 'string' },
  'token-file': { type: 'string' },
  ca: { type: 'string' },
  state: { type: 'string' },
  'cluster-port': { type: 'string' },
  manifests: { type: 'string' },
  out: { type: 'string' },
  'agent-namespace': { type: 'string' },
  kubeconfig: { type: 'string' },
  'identity-secret': { type: 'string' },
  'mesh-namespace': { type: 'string' },
  ...PROMETHEUS_FLAGS,
  yes: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const USAGE = `Usage: isthmus-agent <run|check|purge> [flags]

  run     enrol if needed, then keep this cluster in line with its global namespaces
  check   test cluster, rights, mesh, gateway and identity, change nothing (-o json)
  purge   remove every object that this agent made, from its own record, without the centre (needs --yes)

  --gateway URL          https://host:port of the agent gateway        ISTHMUS_GATEWAY
  --token-file FILE      single-use enrolment token (not used while    ISTHMUS_TOKEN_FILE
                         there is an identity that the gateway takes)
  --ca FILE              CA of the gateway, PEM                        ISTHMUS_CA
  --state DIR            identity and bundle; mode 0700                ISTHMUS_STATE
                         (kubernetes: bundle only, and optional)
  --cluster-port KIND    directory (default) or kubernetes             ISTHMUS_CLUSTER_PORT
  --manifests DIR        directory: manifests of the cluster           ISTHMUS_MANIFESTS
  --out DIR              directory: rendered objects                   ISTHMUS_OUT
  --kubeconfig FILE      kubernetes: default is the pod's own cluster  ISTHMUS_KUBECONFIG
  --identity-secret NAME kubernetes: default isthmus-agent-identity    ISTHMUS_IDENTITY_SECRET
  --mesh-namespace NS    kubernetes: default istio-system              ISTHMUS_MESH_NAMESPACE
  --agent-namespace NS   default isthmus-system                        ISTHMUS_AGENT_NAMESPACE
  (environment only)     kinds beyond those of the mesh that may      ISTHMUS_ALLOW
                         be written here: envoyFilters
  (environment only)     how long what routes named stays after        ISTHMUS_LINGER_SECONDS
                         them; default 10
  (environment only)     how long what routes name anew stands before  ISTHMUS_LEAD_SECONDS
                         them; default 1
  (environment only)     how long a view stays that moves to another   ISTHMUS_SETTLE_SECONDS
                         namespace; default 2
${PROMETHEUS_USAGE}`;

/** Joins flags and environment; a flag wins. All faults come together. */
export function readSettings(args: readonly string[], env: AgentEnv): SettingsResult {
  const parsed = parse(args);
  if ('fault' in parsed) return { kind: 'usage', faults: [parsed.fault] };
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: 'help' };
  const port = values['cluster-port'] ?? env.ISTHMUS_CLUSTER_PORT ?? 'directory';
  const prometheus = readPrometheus(values, env);
  const { optedIn, faults: unknown } = parseOptIns(env.ISTHMUS_ALLOW ?? '');
  const settings = {
    ...withDefaults(joined(values, env)),
    command: (positionals[0] ?? '') as Command,
    clusterPort: port as ClusterPortKind,
    confirmed: values.yes === true,
    output: values.output === 'json' ? ('json' as const) : ('text' as const),
    prometheus: prometheus.settings,
    optedIn,
  };
  const faults = [
    ...faultsOf(settings, { positionals, port, output: values.output }),
    ...prometheus.faults,
    ...unknown,
  ];
  return faults.length === 0 ? { kind: 'settings', settings } : { kind: 'usage', faults };
}

type Chosen = Omit<AgentSettings, 'command' | 'confirmed' | 'output' | 'clusterPort' | 'prometheus' | 'optedIn'>;
type Given = Partial<Chosen>;

function joined(values: Flags['values'], env: AgentEnv): Given {
  const environment: Given = {
    gateway: env.ISTHMUS_GATEWAY,
    tokenFile: env.ISTHMUS_TOKEN_FILE,
    caFile: env.ISTHMUS_CA,
    state: env.ISTHMUS_STATE,
    manifests: env.ISTHMUS_MANIFESTS,
    out: env.ISTHMUS_OUT,
    agentNamespace: env.ISTHMUS_AGENT_NAMESPACE,
    kubeconfig: env.ISTHMUS_KUBECONFIG,
    identitySecret: env.ISTHMUS_IDENTITY_SECRET,
    meshNamespace: env.ISTHMUS_MESH_NAMESPACE,
  };
  const { gateway, ca, state, manifests, out, kubeconfig } = values;
  const flags: Given = {
    ...{ gateway, caFile: ca, state, manifests, out, kubeconfig },
    tokenFile: values['token-file'],
    agentNamespace: values['agent-namespace'],
    identitySecret: values['identity-secret'],
    meshNamespace: values['mesh-namespace'],
  };
  return { ...environment, ...Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) };
}

const DEFAULTS = {
  ...{ gateway: '', state: '', manifests: '', out: '', tokenFile: undefined, caFile: undefined, kubeconfig: undefined },
  ...{ agentNamespace: 'isthmus-system', identitySecret: 'isthmus-agent-identity', meshNamespace: 'istio-system' },
};

function withDefaults(given: Given): Chosen {
  return { ...DEFAULTS, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

type Flags = ReturnType<typeof parseFlags>;
type Parsed = Flags | { fault: string };

function parse(args: readonly string[]): Parsed {
  try {
    return parseFlags(args);
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function parseFlags(
  args: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof FLAGS; allowPositionals: true }>> {
  return parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
}

interface Typed {
  positionals: readonly string[];
  port: string;
  output: string | undefined;
}

function faultsOf(settings: AgentSettings, given: Typed): string[] {
  const { command, gateway, confirmed } = settings;
  const needed = neededFlags(settings);
  const faults = needed.filter(([, value]) => value === '').map(([flag]) => `${flag} is missing`);
  if (!COMMANDS.some((known) => known === command)) faults.unshift(`the command is one of ${COMMANDS.join(', ')}`);
  if (given.positionals.length > 1) faults.push(`unexpected: ${given.positionals.slice(1).join(' ')}`);
  if (!CLUSTER_PORTS.some((known) => known === given.port))
    faults.push(`--cluster-port ${given.port} is not known; use ${CLUSTER_PORTS.join(' or ')}`);
  if (gateway !== '' && !isHttps(gateway)) faults.push('--gateway is an https:// address');
  if (given.output !== undefined && given.output !== 'json') faults.push('--output is json, or left out');
  if (command === 'purge' && !confirmed) faults.push('purge removes objects; confirm with --yes');
  return faults;
}

function neededFlags({ command, clusterPort, gateway, state, manifests, out }: AgentSettings): [string, string][] {
  const central: [string, string][] = command === 'purge' ? [] : [['--gateway', gateway]];
  if (clusterPort === 'kubernetes') return central;
  if (command === 'purge') return [['--out', out]];
  return [...central, ['--state', state], ['--manifests', manifests], ['--out', out]];
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}
