import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

/** A program of ours that runs beside this one. */
export interface Child {
  readonly name: string;
  readonly logFile: string;
  /** Resolves with a text when the program has ended by itself or by `stop`. */
  readonly ended: Promise<string>;
  running(): boolean;
  /** SIGTERM, then SIGKILL after `graceMs`; resolves when the process is gone. */
  stop(graceMs?: number): Promise<void>;
}

export interface ChildCommand {
  name: string;
  script: string;
  args?: readonly string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
}

/**
 * Starts a Node program in a process group of its own, so that Ctrl-C reaches only the supervisor, which stops its
 * children in order. The IPC channel is the dead man's handle: it closes with the supervisor, and the child then ends.
 */
export function startChild(command: ChildCommand): Child {
  const log = createWriteStream(command.logFile, { flags: 'a' });
  const child = spawn(process.execPath, [command.script, ...(command.args ?? [])], {
    env: command.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  let running = true;
  const ended = new Promise<string>((resolve) => {
    const finish = (text: string): void => {
      if (!running) return;
      running = false;
      log.end();
      resolve(text);
    };
    child.once('error', (error) => {
      finish(`could not be started: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      finish(signal === null ? `ended with code ${code ?? 'unknown'}` : `was ended by ${signal}`);
    });
  });
  return {
    name: command.name,
    logFile: command.logFile,
    ended,
    running: () => running,
    stop: async (graceMs = 10_000) => {
      if (!running) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      if (running) await once(child, 'exit');
      clearTimeout(timer);
    },
  };
}
