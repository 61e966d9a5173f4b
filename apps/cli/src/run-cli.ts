import { CommanderError, type Command } from 'commander';
import { createProgram } from './program.js';
import { EXIT, type ExitCode, type Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** Runs one command line; `args` are those after the program's name. Never throws: what is unexpected is told, exit code 1. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = createProgram({
    terminal,
    run: async (command) => {
      code = await command;
    },
  });
  prepare(program, terminal);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return failure(error, terminal);
  }
}

/** Sub-commands have their own settings. Help and usage errors go where the terminal says and end no process; sub-commands do the same. */
function prepare(command: Command, terminal: Terminal): void {
  command.exitOverride().configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  for (const inner of command.commands) prepare(inner, terminal);
}

function failure(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) {
    terminal.err(`error: ${error.message}\n(--help shows what there is)\n`);
    return EXIT.usage;
  }
  if (terminal.signal.aborted) return EXIT.issues;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(`error: unexpected: ${text}\n`);
  return EXIT.issues;
}
