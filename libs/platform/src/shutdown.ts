import type { Logger } from './logger.js';

export interface ShutdownOptions {
  log: Logger;
  /** Time for all closers together; then the process ends with code 1. Default 10 s. */
  deadlineMs?: number;
  exit?: (code: number) => void;
}

/** Closers run one after another, the last registered first: what was built on top goes first. */
export interface Shutdown {
  onShutdown(name: string, close: () => Promise<void> | void): void;
  /** Idempotent: later calls wait for the first. */
  run(reason: string): Promise<void>;
  /**
   * Runs on SIGINT and SIGTERM, and when a supervisor that started this process with an IPC channel is gone; a second
   * signal ends the process at once. Returns how to stop listening.
   */
  listen(): () => void;
}

interface Closer {
  name: string;
  close: () => Promise<void> | void;
}

export function createShutdown(options: ShutdownOptions): Shutdown {
  const { log, deadlineMs = 10_000, exit = (code) => process.exit(code) } = options;
  const closers: Closer[] = [];
  let running: Promise<void> | undefined;
  const run = (reason: string): Promise<void> => (running ??= closeAll({ closers, log, deadlineMs, exit, reason }));
  return {
    onShutdown: (name, close) => void closers.push({ name, close }),
    run,
    listen: () => {
      const onSignal = (signal: NodeJS.Signals): void => {
        if (running) return exit(130);
        void run(signal);
      };
      const signals = ['SIGINT', 'SIGTERM'] as const;
      const onSupervisorGone = (): void => void run('supervisor gone');
      for (const signal of signals) process.on(signal, onSignal);
      process.on('disconnect', onSupervisorGone);
      // Gone before anybody listened; without a channel it is undefined.
      if (process.connected === false) onSupervisorGone();
      return () => {
        for (const signal of signals) process.off(signal, onSignal);
        process.off('disconnect', onSupervisorGone);
      };
    },
  };
}

interface Run {
  closers: readonly Closer[];
  log: Logger;
  deadlineMs: number;
  exit: (code: number) => void;
  reason: string;
}

async function closeAll({ closers, log, deadlineMs, exit, reason }: Run): Promise<void> {
  log.info({ reason }, 'shutting down');
  const deadline = setTimeout(() => {
    log.error({ deadlineMs }, 'shutdown took too long');
    exit(1);
  }, deadlineMs);
  let failed = false;
  for (const { name, close } of [...closers].reverse()) {
    try {
      await close();
    } catch (error) {
      failed = true;
      log.error({ err: error, part: name }, 'could not close');
    }
  }
  clearTimeout(deadline);
  exit(failed ? 1 : 0);
}
