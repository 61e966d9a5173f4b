import type { Command } from 'commander';
import { render, type RenderOptions } from './commands/render.js';
import { validate, type ValidateOptions } from './commands/validate.js';
import { examples, filename, issueOutput, strict, type Wiring } from './command-options.js';

/** Commands that need no server. */
export function addOfflineCommands(program: Command, { terminal, run }: Wiring): void {
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
}
