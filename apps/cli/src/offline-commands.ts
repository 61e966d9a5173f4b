import { Option, type Command } from 'commander';
import { checkCommand, type CheckOptions } from './commands/check.js';
import { explain } from './commands/explain.js';
import { render, type RenderOptions } from './commands/render.js';
import { validate, type ValidateOptions } from './commands/validate.js';
import { examples, filename, issueOutput, strict, type Wiring } from './command-options.js';

/** Commands that need no server. */
export function addOfflineCommands(program: Command, wiring: Wiring): void {
  addBundles(program, wiring);
  addCheck(program, wiring);
  addExplain(program, wiring);
}

function addExplain(program: Command, { terminal, run }: Wiring): void {
  program
    .command('explain <path>')
    .summary('say what a kind or a field of it means')
    .description('Shows a kind or a field with its fields, their types and meaning, from the published JSON Schemas.')
    .option('--recursive', 'names of all fields below it')
    .addHelpText(
      'after',
      examples('isthmus explain gns', 'isthmus explain gns.spec.members', 'isthmus explain slo --recursive'),
    )
    .action((path: string, options: { recursive?: boolean }) => run(explain(terminal, path, options)));
}

function addCheck(program: Command, { terminal, run }: Wiring): void {
  program
    .command('check')
    .summary('test whether a cluster is ready for an agent')
    .description(
      'Looks at a cluster with the rights of a kubeconfig and changes nothing: version, mesh, its kinds, DNS capture, gateways, rights. Exit code 1 if something stands in the way.',
    )
    .option('--kubeconfig <file>', 'default: KUBECONFIG, then ~/.kube/config')
    .option('--kube-context <name>', 'context of the kubeconfig; default its current one')
    .option('--namespace <name>', 'namespace of the agent; default isthmus-system')
    .option('--mesh-namespace <name>', "namespace of the mesh's control plane; default istio-system")
    .option('--gateway <url>', 'dial the agent gateway from this machine, with --ca')
    .option('--ca <file>', 'CA of the gateway, PEM')
    .option('--proxy <url>', 'HTTP proxy to the gateway')
    .addOption(new Option('-o, --output <format>', 'findings as a document').choices(['json']))
    .addHelpText('after', examples('isthmus check', 'isthmus check --kube-context east -o json'))
    .action((options: CheckOptions) => run(checkCommand(terminal, options)));
}

function addBundles(program: Command, { terminal, run }: Wiring): void {
  program
    .command('validate')
    .summary('check a bundle')
    .description(
      'Checks a folder of resources and manifests without a server: syntax, fields, relations, what would be rendered.',
    )
    .addOption(filename('folder or file of the bundle, - for stdin'))
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
