import { Argument, Command } from 'commander';
import type { Wiring } from './command-options.js';
import { completionScript, SHELLS } from './commands/completion.js';
import { addOfflineCommands } from './offline-commands.js';
import { addOnlineCommands } from './online-commands.js';
import { VERSION } from './version.js';

/** The whole command line. Each command says what it does, with examples. */
export function createProgram(wiring: Wiring): Command {
  const program = new Command('isthmus')
    .description('Global namespaces over the service meshes of many clusters.')
    .version(VERSION, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .showHelpAfterError('(--help shows what there is)')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 error or issues, 2 changes (--detailed-exitcode), 64 wrong usage, 130 interrupted',
    );
  addOfflineCommands(program, wiring);
  addOnlineCommands(program, wiring);
  program
    .command('completion')
    .summary('print the completion script of a shell')
    .description('Prints a script for the start file of the shell.')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText('after', '\nExamples:\n  $ isthmus completion bash >> ~/.bashrc')
    .action((shell: (typeof SHELLS)[number]) => wiring.terminal.out(completionScript(program, shell)));
  return program;
}
