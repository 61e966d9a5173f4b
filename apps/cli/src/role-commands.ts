import { Option, type Command } from 'commander';
import { context, examples, project, type Wiring } from './command-options.js';
import { authCanI, grant, revoke, whoami, type GrantOptions, type PlaceOptions } from './commands/roles.js';

const gns = () => new Option('-n, --gns <name>', 'global namespace of the project');
const clusterGroup = () => new Option('--cluster-group <name>', 'cluster group');

/** Who one is, what one may do, and who else may do what. */
export function addRoles(program: Command, { terminal, run }: Wiring): void {
  program
    .command('whoami')
    .summary('show who the token is, and what it holds')
    .description('Shows the caller, its organization, and its roles with what they are granted on.')
    .addOption(context())
    .addHelpText('after', examples('isthmus whoami'))
    .action((options: PlaceOptions) => run(whoami(terminal, options)));
  program
    .command('auth')
    .summary('ask what one may do')
    .description('What the caller may do.')
    .command('can-i <verb> [kind]')
    .summary('say whether one may do something')
    .description(
      'Answers yes or no (exit code 1): read, write or delete a kind (or get, list, create, update, apply, … it), or a permission like agents.write.',
    )
    .addOption(project())
    .addOption(gns())
    .addOption(clusterGroup())
    .option('--cluster <name>', 'cluster')
    .addOption(context())
    .addHelpText(
      'after',
      examples('isthmus auth can-i write TrafficPolicy -p payments', 'isthmus auth can-i agents.write --cluster east'),
    )
    .action((verb: string, kind: string | undefined, options: PlaceOptions) =>
      run(authCanI(terminal, [verb, kind], options)),
    );
  program
    .command('grant <role>')
    .summary('grant a role')
    .description(
      'Grants a role on the whole organization, or on what is named. Nobody grants what he does not hold there.',
    )
    .option('--user <id>', 'to a user')
    .option('--group <name>', 'to everybody in a group')
    .option('--service-account <name>', 'to a service account, by name or id')
    .option('--token <id>', 'to one API token')
    .option('--until <time>', 'until the end of a day (UTC), or a time in RFC 3339; default: for good')
    .addOption(project())
    .addOption(gns())
    .addOption(clusterGroup())
    .addOption(context())
    .addHelpText(
      'after',
      examples(
        'isthmus grant Developer --group payments-team -p payments',
        'isthmus grant Operator --user ada --cluster-group eu',
      ),
    )
    .action((role: string, options: GrantOptions) => run(grant(terminal, role, options)));
  program
    .command('revoke <id>')
    .summary('take a grant back')
    .description('Takes a grant back at once; isthmus get bindings shows their ids.')
    .addOption(context())
    .addHelpText('after', examples('isthmus revoke Um9sZUJpbmRpbmcKMDE5'))
    .action((id: string, options: PlaceOptions) => run(revoke(terminal, id, options)));
}
