import type { Command } from 'commander';
import { context, examples, project, type Wiring } from './command-options.js';
import { cordon, uncordon, type CordonOptions } from './commands/cordon.js';

function withTarget(command: Command): Command {
  return command
    .requiredOption('--gns <name>', 'global namespace')
    .option('--service <name>', 'only this service of it')
    .option('--dry-run', 'write nothing, show the rendered difference')
    .addOption(project())
    .addOption(context());
}

/** Taking traffic off clusters and giving it back. */
export function addCordons(program: Command, { terminal, run }: Wiring): void {
  withTarget(program.command('cordon <cluster>'))
    .summary('take traffic off a cluster, as long as others serve')
    .description(
      'Callers everywhere turn to other clusters; the cordoned one stays known as the last resort. Writes a FailoverPolicy of its own.',
    )
    .addHelpText(
      'after',
      examples('isthmus cordon west --gns bookinfo', 'isthmus cordon west --gns bookinfo --dry-run'),
    )
    .action((cluster: string, options: CordonOptions) => run(cordon(terminal, [cluster, 'LAST_RESORT'], options)));
  withTarget(program.command('drain <cluster>'))
    .summary('take a cluster out of traffic altogether')
    .description(
      'Callers everywhere forget the cluster, not even as a last resort, except for hosts that nobody else serves. Requests under way end by themselves.',
    )
    .option('--force', 'also for hosts that nobody else serves: they cannot be called then')
    .addHelpText(
      'after',
      examples('isthmus drain west --gns bookinfo', 'isthmus drain west --gns bookinfo --service cart'),
    )
    .action((cluster: string, options: CordonOptions) => run(cordon(terminal, [cluster, 'DRAIN'], options)));
  withTarget(program.command('uncordon <cluster>'))
    .summary('give traffic back to a cluster')
    .description('Takes back what cordon or drain wrote for the same global namespace or service.')
    .addHelpText('after', examples('isthmus uncordon west --gns bookinfo'))
    .action((cluster: string, options: CordonOptions) => run(uncordon(terminal, cluster, options)));
}
