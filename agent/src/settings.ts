import { parseArgs } from 'node:util';
import type { AgentEnv } from './env.js';

export const COMMANDS = ['run', 'check', 'purge'] as const;
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
  confirmed: boolean;
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
  yes: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const USAGE = `Usage: isthmus-agent <run|check|purge> [flags]

  run     enrol if needed, then keep this cluster in line with its global namespaces
  check   test gateway, certificate and folders, change nothing
  purge   remove every object that this agent made, from its own record, without the centre (needs --yes)

  --gateway URL          https://host:port of the agent gateway        ISTHMUS_GATEWAY
  --token-file FILE      single-use enrolment token (first run only)   ISTHMUS_TOKEN_FILE
  --ca FILE              CA of the gateway, PEM                        ISTHMUS_CA
  --state DIR            identity and bundle; mode 0700                ISTHMUS_STATE
  --cluster-port KIND    directory                                     ISTHMUS_CLUSTER_PORT
  --manifests DIR        manifests of the cluster                      ISTHMUS_MANIFESTS
  --out DIR              rendered objects                              ISTHMUS_OUT
  --agent-namespace NS   default isthmus-system                        ISTHMUS_AGENT_NAMESPACE
`;

/** Joins flags and environment; a flag wins. All faults come together. */
export function readSettings(args: readonly string[], env: AgentEnv): SettingsResult {
  const parsed = parse(args);
  if ('fault' in parsed) return { kind: 'usage', faults: [parsed.fault] };
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: 'help' };
  const settings = {
    ...withDefaults(joined(values, env)),
    command: (positionals[0] ?? '') as Command,
    confirmed: values.yes === true,
  };
  const faults = faultsOf(settings, {
    positionals,
    port: values['cluster-port'] ?? env.ISTHMUS_CLUSTER_PORT ?? 'directory',
  });
  return faults.length === 0 ? { kind: 'settings', settings } : { kind: 'usage', faults };
}

type Given = Partial<Omit<AgentSettings, 'command' | 'confirmed'>>;

function joined(values: Flags['values'], env: AgentEnv): Given {
  const environment: Given = {
    gateway: env.ISTHMUS_GATEWAY,
    tokenFile: env.ISTHMUS_TOKEN_FILE,
    caFile: env.ISTHMUS_CA,
    state: env.ISTHMUS_STATE,
    manifests: env.ISTHMUS_MANIFESTS,
    out: env.ISTHMUS_OUT,
    agentNamespace: env.ISTHMUS_AGENT_NAMESPACE,
  };
  const { gateway, ca, state, manifests, out } = values;
  const rest = { tokenFile: values['token-file'], agentNamespace: values['agent-namespace'] };
  const flags: Given = { gateway, caFile: ca, state, manifests, out, ...rest };
  return { ...environment, ...Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) };
}

function withDefaults(given: Given): Omit<AgentSettings, 'command' | 'confirmed'> {
  const { gateway = '', state = '', manifests = '', out = '', agentNamespace = 'isthmus-system' } = given;
  return { gateway, tokenFile: given.tokenFile, caFile: given.caFile, state, manifests, out, agentNamespace };
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

function faultsOf(settings: AgentSettings, given: { positionals: readonly string[]; port: string }): string[] {
  const { command, gateway, state, manifests, out, confirmed } = settings;
  const needed: [string, string][] =
    command === 'purge'
      ? [['--out', out]]
      : [
          ['--gateway', gateway],
          ['--state', state],
          ['--manifests', manifests],
          ['--out', out],
        ];
  const faults = needed.filter(([, value]) => value === '').map(([flag]) => `${flag} is missing`);
  if (!COMMANDS.some((known) => known === command)) faults.unshift(`the command is one of ${COMMANDS.join(', ')}`);
  if (given.positionals.length > 1) faults.push(`unexpected: ${given.positionals.slice(1).join(' ')}`);
  if (given.port !== 'directory') faults.push(`--cluster-port ${given.port} is not known; use directory`);
  if (gateway !== '' && !isHttps(gateway)) faults.push('--gateway is an https:// address');
  if (command === 'purge' && !confirmed) faults.push('purge removes objects; confirm with --yes');
  return faults;
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}
