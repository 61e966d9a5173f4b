import type { Command } from 'commander';
import { context, examples, outputOf, type Wiring } from './command-options.js';
import { login, logout, type LoginOptions } from './commands/login.js';
import { sessionList, sessionRevoke } from './commands/sessions.js';

/** Signing in and out, and sessions. */
export function addSignIn(program: Command, { terminal, run }: Wiring): void {
  program
    .command('login')
    .summary('sign in to a server')
    .description(
      'Has you let the command line in, in a browser, or takes a token; keeps it with the server as the current context.',
    )
    .requiredOption('--server <url>', 'address of the API')
    .option('--token-file <file>', 'file with a token, - for stdin; without it a browser is asked')
    .option('--name <name>', 'name of the context; default: the host')
    .addHelpText(
      'after',
      examples(
        'isthmus login --server https://isthmus.example.com',
        'isthmus login --server https://isthmus.example.com --token-file ./token',
      ),
    )
    .action((options: LoginOptions) => run(login(terminal, options)));
  program
    .command('logout')
    .summary('sign out and forget a context')
    .description('Ends the session of a context at its server, and forgets the context.')
    .addOption(context())
    .addHelpText('after', examples('isthmus logout'))
    .action((options: { context?: string }) => run(logout(terminal, options)));
  const session = program
    .command('session')
    .summary('list and end sessions')
    .description('Sessions of people, in browsers and command lines.');
  session
    .command('list')
    .description(
      'Lists your live sessions; * is the one that asks. CHECKED: when the identity provider stood for it last.',
    )
    .option('--all', 'of all people')
    .addOption(outputOf('table', 'json'))
    .addOption(context())
    .action((options: { all?: boolean; output: string; context?: string }) => run(sessionList(terminal, options)));
  session
    .command('revoke <ids...>')
    .description('Ends sessions at once; their open streams are cut.')
    .addOption(context())
    .action((ids: string[], options: { context?: string }) => run(sessionRevoke(terminal, ids, options)));
}
