import type { Issue } from '@isthmus/domain';
import { HELP, parseArguments, type AdminCommand } from './arguments.js';
import { backupCommand } from './commands/backup.js';
import { retireCaCommand, rotateCaCommand } from './commands/authorities.js';
import { breakGlassCommand } from './commands/break-glass.js';
import { epochCommand } from './commands/epoch.js';
import { migrateCommand } from './commands/migrate.js';
import { restoreCommand } from './commands/restore.js';
import { rotateKeysCommand } from './commands/rotate-keys.js';
import type { AdminEnv, EnvResult } from './env.js';
import { issueOfError } from './issue-of-error.js';
import { EXIT, type ExitCode, type Terminal } from './terminal.js';

/** Runs one command line. Never throws: what is unexpected is told, exit code 1. */
export async function runAdmin(argv: readonly string[], settings: EnvResult, terminal: Terminal): Promise<ExitCode> {
  const parsed = parseArguments(argv);
  if (parsed.kind === 'help') {
    terminal.out.write(`${HELP}\n`);
    return EXIT.done;
  }
  const faults = [...(parsed.kind === 'usage' ? parsed.faults : []), ...(settings.ok ? [] : settings.faults)];
  if (parsed.kind === 'usage' || !settings.ok) {
    for (const fault of faults) terminal.err(`error: ${fault}`);
    terminal.err('(--help shows what there is)');
    return EXIT.usage;
  }
  try {
    return await run(parsed.command, settings.env, terminal);
  } catch (error) {
    terminal.err(textOf(issueOfError(error), error));
    return EXIT.failed;
  }
}

function run(command: AdminCommand, env: AdminEnv, terminal: Terminal): Promise<ExitCode> {
  switch (command.name) {
    case 'migrate':
      return migrateCommand(env, terminal);
    case 'backup':
      return backupCommand(env, command, terminal);
    case 'restore':
      return restoreCommand(env, command, terminal);
    case 'rotate-keys':
      return rotateKeysCommand(env, terminal);
    case 'rotate-ca':
      return rotateCaCommand(env, terminal);
    case 'retire-ca':
      return retireCaCommand(env, command, terminal);
    case 'break-glass':
      return breakGlassCommand(env, command, terminal);
    case 'epoch':
      return epochCommand(env, command, terminal);
  }
}

function textOf(issue: Issue | undefined, error: unknown): string {
  if (issue === undefined)
    return `error: unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  return `${issue.code} ${issue.severity} ${issue.message}${issue.hint === undefined ? '' : `\n    hint: ${issue.hint}`}`;
}
