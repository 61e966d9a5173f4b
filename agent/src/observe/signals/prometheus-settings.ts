import type { AgentEnv } from '../../env.js';

/** How this cluster is measured. */
export interface PrometheusSettings {
  url: string;
  tokenFile: string | undefined;
  timeoutMs: number;
  /** The store replays recorded series: everything that comes of them is marked. */
  simulated: boolean;
}

/** What flags say; the environment says the rest. */
export interface PrometheusFlags {
  prometheus?: string | undefined;
  'prometheus-token-file'?: string | undefined;
  'prometheus-timeout'?: string | undefined;
  'prometheus-simulated'?: boolean | undefined;
}

export const PROMETHEUS_FLAGS = {
  prometheus: { type: 'string' },
  'prometheus-token-file': { type: 'string' },
  'prometheus-timeout': { type: 'string' },
  'prometheus-simulated': { type: 'boolean' },
} as const;

export const PROMETHEUS_USAGE = `
  --prometheus URL           metrics store of this cluster;                ISTHMUS_PROMETHEUS
                             without one nothing is measured
  --prometheus-token-file F  bearer token for it, read for each query      ISTHMUS_PROMETHEUS_TOKEN_FILE
  --prometheus-timeout S     seconds for one query; default 10             ISTHMUS_PROMETHEUS_TIMEOUT
  --prometheus-simulated     it replays recorded series: mark what comes   ISTHMUS_PROMETHEUS_SIMULATED=true
                             of them as SIMULATED
`;

const MOST_SECONDS = 55;

function given(flags: PrometheusFlags, env: AgentEnv) {
  const environment = {
    url: env.ISTHMUS_PROMETHEUS ?? '',
    tokenFile: env.ISTHMUS_PROMETHEUS_TOKEN_FILE,
    seconds: env.ISTHMUS_PROMETHEUS_TIMEOUT ?? '10',
  };
  return {
    url: flags.prometheus ?? environment.url,
    tokenFile: flags['prometheus-token-file'] ?? environment.tokenFile,
    seconds: Number(flags['prometheus-timeout'] ?? environment.seconds),
    simulated: flags['prometheus-simulated'] ?? env.ISTHMUS_PROMETHEUS_SIMULATED === 'true',
  };
}

/** Settings of the metrics store, undefined without one, and every fault in them. */
export function readPrometheus(
  flags: PrometheusFlags,
  env: AgentEnv,
): { settings: PrometheusSettings | undefined; faults: string[] } {
  const { url, tokenFile, seconds, simulated } = given(flags, env);
  if (url === '') {
    const isAlone = tokenFile !== undefined || flags['prometheus-simulated'] === true;
    return { settings: undefined, faults: isAlone ? ['--prometheus is missing, but settings for it are there'] : [] };
  }
  const faults = addressFaults(url);
  if (!(seconds > 0 && seconds <= MOST_SECONDS))
    faults.push(`--prometheus-timeout is more than 0 and at most ${String(MOST_SECONDS)} seconds`);
  return { settings: { url, tokenFile, timeoutMs: seconds * 1000, simulated }, faults };
}

function addressFaults(text: string): string[] {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (address === undefined || !['http:', 'https:'].includes(address.protocol))
    return ['--prometheus is an http:// or https:// address'];
  if (address.username !== '' || address.password !== '')
    return ['--prometheus holds no user or password: use --prometheus-token-file'];
  if (address.search !== '' || address.hash !== '') return ['--prometheus is the address without query and fragment'];
  return [];
}
