import { Command, Option } from 'commander';
import { diffOffline, type OfflineDiffOptions } from './commands/diff-offline.js';
import { render, type RenderOptions } from './commands/render.js';
import { validate, type ValidateOptions } from './commands/validate.js';
import type { ExitCode, Terminal } from './terminal.js';

/** Runs a command and keeps its exit code. */
export type Run = (command: Promise<ExitCode>) => Promise<void>;

const issueOutput = () =>
  new Option('-o, --output <format>', 'issues as a document on stdout').choices(['json', 'yaml']);
const filename = (what: string) => new Option('-f, --filename <path>', what).makeOptionMandatory();
const strict = () => new Option('--strict', 'warnings fail too');
const detailed = () => new Option('--detailed-exitcode', '0 no changes, 2 changes, 1 error');

/** The whole command line. Each command says what it does, with examples. */
export function createProgram(terminal: Terminal, run: Run): Command {
  const program = new Command('isthmus')
    .description('Global namespaces over the service meshes of many clusters.')
    .helpOption('-h, --help', 'show help')
    .showHelpAfterError('(--help shows what there is)');
  addOffline(program, { terminal, run });
  return program;
}

function addOffline(program: Command, { terminal, run }: { terminal: Terminal; run: Run }): void {
  program
    .command('validate')
    .summary('check a bundle')
    .description(
      'Checks a folder of resources and manifests without a server: syntax, fields, relations, what would be rendered.',
    )
    .addOption(filename('folder or file of the bundle'))
    .addOption(issueOutput())
    .addOption(strict())
    .addHelpText('after', examples('isthmus validate -f ./bundle', 'isthmus validate -f ./bundle --strict -o json'))
    .action((options: ValidateOptions) => run(validate(terminal, options)));
  program
    .command('render')
    .summary('render a bundle into the configuration of each mesh')
    .description(
      'Writes OUT/<cluster>/*.yaml without a server. New virtual addresses go to vips.lock.yaml in the bundle. Removes only what it wrote before.',
    )
    .addOption(filename('folder of the bundle'))
    .requiredOption('--out <folder>', 'folder for the output')
    .addOption(issueOutput())
    .addOption(strict())
    .addHelpText('after', examples('isthmus render -f ./bundle --out ./rendered'))
    .action((options: RenderOptions) => run(render(terminal, options)));
  program
    .command('diff')
    .summary('show what would change')
    .description('Shows what render would change in OUT.')
    .addOption(filename('folder or file of the bundle'))
    .requiredOption('--out <folder>', 'compare with this output of render')
    .addOption(strict())
    .addOption(detailed())
    .addHelpText('after', examples('isthmus diff -f ./bundle --out ./rendered --detailed-exitcode'))
    .action((options: OfflineDiffOptions) => run(diffOffline(terminal, options)));
}

function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}
