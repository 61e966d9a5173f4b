import { Option, type Command } from 'commander';
import { context, examples, outputOf, project, type Wiring } from './command-options.js';
import {
  accountList,
  accountLock,
  serviceAccountChange,
  serviceAccountCreate,
  serviceAccountGet,
  serviceAccountList,
  tokenCreate,
  tokenList,
  tokenRevoke,
  type TokenCreateOptions,
} from './commands/credentials.js';
import type { OnlineOptions } from './online/session.js';

type ListOptions = OnlineOptions & { output: string };
const ofAccount = () => new Option('--service-account <name>', 'of this service account');
const list = () => outputOf('table', 'json');

/** Tokens, service accounts and accounts of people. */
export function addCredentials(program: Command, wiring: Wiring): void {
  addTokens(program, wiring);
  addServiceAccounts(program, wiring);
  addAccounts(program, wiring);
}

function addTokens(program: Command, { terminal, run }: Wiring): void {
  const token = program
    .command('token')
    .summary('make, list and revoke API tokens')
    .description('API tokens: your own, which need a session (isthmus login), and those of service accounts.');
  token
    .command('create <name>')
    .description('Makes a token and prints its secret, this once. It never has more than its owner has.')
    .requiredOption('--role <role>', 'what it may do at most')
    .addOption(ofAccount())
    .addOption(project())
    .addOption(new Option('-n, --gns <name>', 'its role counts in this global namespace alone (service accounts)'))
    .option('--days <number>', 'how long it counts, 1 to 366; default: 90')
    .addOption(new Option('-o, --output <format>', 'form of the output').choices(['secret', 'json']).default('secret'))
    .addOption(context())
    .addHelpText(
      'after',
      examples(
        'isthmus token create laptop --role Viewer --days 30',
        'isthmus token create ci --role Developer --service-account deployer -p payments',
      ),
    )
    .action((name: string, options: TokenCreateOptions) => run(tokenCreate(terminal, name, options)));
  token
    .command('list')
    .description('Lists your own tokens, revoked ones included. USED: when each was used last.')
    .option('--all', 'of the whole organization')
    .addOption(ofAccount())
    .addOption(list())
    .addOption(context())
    .action((options: ListOptions & { all?: boolean; serviceAccount?: string }) => run(tokenList(terminal, options)));
  token
    .command('revoke <ids...>')
    .description('Revokes tokens at once; their open streams are cut.')
    .addOption(context())
    .action((ids: string[], options: OnlineOptions) => run(tokenRevoke(terminal, ids, options)));
}

function addServiceAccounts(program: Command, { terminal, run }: Wiring): void {
  const account = program
    .command('service-account')
    .summary('programs that call in their own name')
    .description(
      'Service accounts: what they may do is granted to them, as to people; they call by tokens of their own.',
    );
  account
    .command('create <name>')
    .description('Makes a service account without a role, and prints its id.')
    .option('--description <text>', 'what it is for')
    .addOption(context())
    .addHelpText(
      'after',
      examples(
        'isthmus service-account create deployer',
        'isthmus grant Developer --service-account deployer -p payments',
      ),
    )
    .action((name: string, options: OnlineOptions & { description?: string }) =>
      run(serviceAccountCreate(terminal, name, options)),
    );
  account
    .command('list')
    .description('Lists service accounts with how many live tokens each has.')
    .addOption(list())
    .addOption(context())
    .action((options: ListOptions) => run(serviceAccountList(terminal, options)));
  account
    .command('get <name>')
    .description('Shows a service account with its tokens.')
    .addOption(list())
    .addOption(context())
    .action((name: string, options: ListOptions) => run(serviceAccountGet(terminal, name, options)));
  const changes = {
    disable: 'Tokens of the account count for nothing, at once; their open streams are cut.',
    enable: 'Tokens of the account count again.',
    delete: 'Deletes the account: its tokens are revoked, and what was granted to it is taken back.',
  };
  for (const verb of ['disable', 'enable', 'delete'] as const)
    account
      .command(`${verb} <names...>`)
      .description(changes[verb])
      .addOption(context())
      .action((names: string[], options: OnlineOptions) =>
        run(serviceAccountChange(terminal, names, { ...options, verb })),
      );
}

function addAccounts(program: Command, { terminal, run }: Wiring): void {
  const account = program
    .command('account')
    .summary('list, lock and unlock people')
    .description('Accounts of people who have signed in.');
  account
    .command('list')
    .description('Lists people who have signed in.')
    .addOption(list())
    .addOption(context())
    .action((options: ListOptions) => run(accountList(terminal, options)));
  const changes = {
    lock: 'Locks people out: sessions end, tokens and open streams stop within five seconds, signing in is refused.',
    unlock: 'Lets locked people sign in again.',
  };
  for (const verb of ['lock', 'unlock'] as const)
    account
      .command(`${verb} <ids...>`)
      .description(changes[verb])
      .addOption(context())
      .action((ids: string[], options: OnlineOptions) => run(accountLock(terminal, ids, { ...options, verb })));
}
