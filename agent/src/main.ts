#!/usr/bin/env node
import { createLogger, createShutdown } from '@isthmus/platform';
import { allowingOnly } from './cluster/allowed-kinds.js';
import { check } from './commands/check.js';
import { purge } from './commands/purge.js';
import { openTarget } from './commands/open-target.js';
import { run } from './commands/run.js';
import { readAgentEnv } from './env.js';
import type { AgentEnv } from './env.js';
import { USAGE, readSettings } from './settings.js';
import type { AgentSettings } from './settings.js';
import { keepHeapSmall } from './small-heap.js';

const EXIT_USAGE = 64;

async function main(args: readonly string[]): Promise<number> {
  const environment = readAgentEnv();
  if (!environment.ok) return usage(environment.faults);
  const parsed = readSettings(args, environment.env);
  if (parsed.kind === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (parsed.kind === 'usage') return usage(parsed.faults);
  return start(parsed.settings, environment.env);
}

async function start(settings: AgentSettings, env: AgentEnv): Promise<number> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  switch (settings.command) {
    case 'check':
      return check(settings, env, say);
    case 'purge':
      return purgeTarget(settings, say);
    case 'run': {
      const log = createLogger('agent', env.ISTHMUS_LOG_LEVEL);
      const abort = new AbortController();
      const shutdown = createShutdown({ log });
      const running = run({ settings, env, log, signal: abort.signal });
      shutdown.onShutdown('agent', async () => {
        abort.abort();
        await running;
      });
      shutdown.listen();
      // The channel to a supervisor must not keep a process alive that has ended its work by itself.
      return running.finally(() => process.channel?.unref());
    }
  }
}

/** Without the centre, but not beside a running agent. */
async function purgeTarget(settings: AgentSettings, say: (line: string) => void): Promise<number> {
  const { cluster } = await openTarget(settings, { patienceMs: 45_000 });
  try {
    const hold = settings.clusterPort === 'kubernetes' ? await cluster.hold?.() : undefined;
    if (hold?.outcome !== 'taken') return await purge(allowingOnly(cluster, settings.optedIn), say);
    say(`ISM0446 ${hold.by} acts in this cluster; stop it first`);
    return 1;
  } finally {
    await cluster.close?.();
  }
}

function usage(faults: readonly string[]): number {
  process.stderr.write(`${faults.map((fault) => `error: ${fault}`).join('\n')}\n\n${USAGE}`);
  return EXIT_USAGE;
}

keepHeapSmall();
process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
