import { Option, type Command } from 'commander';
import { checkCommand, type CheckOptions } from './commands/check.js';
import { explainService, type ExplainServiceOptions } from './commands/explain-service.js';
import { explain } from './commands/explain.js';
import { isServiceWord } from './commands/services.js';
import { render, type RenderOptions } from './commands/render.js';
import { validate, type ValidateOptions } from './commands/validate.js';
import type { ExitCode, Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';
import { context, examples, filename, issueOutput, strict, type Wiring } from './command-options.js';

/** Commands that need no server. */
export function addOfflineCommands(program: Command, wiring: Wiring): void {
  addBundles(program, wiring);
  addCheck(program, wiring);
  addExplain(program, wiring);
}

function addExplain(program: Command, { terminal, run }: Wiring): void {
  program
    .command('explain <path> [name]')
    .summary('say what a field means, or which policies hold for a service')
    .description(
      'Shows a kind or a field with its fields, their types and meaning, from the published JSON Schemas. explain service NAME: what policies come to for a host or service, where each comes from, and what lost against it and why: by the server, or with -f by a bundle alone.',
    )
    .option('--recursive', 'names of all fields below it')
    .option('-f, --filename <path>', 'with service: folder or file of the bundle, - for stdin')
    .option('--gns <name>', 'with service: only in this global namespace')
    .addOption(context())
    .addOption(
      new Option('-o, --output <format>', 'with service: form of the output').choices(['table', 'json', 'yaml']),
    )
    .addHelpText(
      'after',
      examples(
        'isthmus explain gns.spec.members',
        'isthmus explain slo --recursive',
        'isthmus explain service reviews.bookinfo.global',
        'isthmus explain service reviews -f ./bundle',
      ),
    )
    .action((path: string, name: string | undefined, options: ExplainServiceOptions & { recursive?: boolean }) =>
      run(name === undefined ? explain(terminal, path, options) : explainNamed(terminal, [path, name], options)),
    );
}

async function explainNamed(
  terminal: Terminal,
  [word, name]: readonly [string, string],
  options: ExplainServiceOptions,
): Promise<ExitCode> {
  if (isServiceWord(word)) return explainService(terminal, name, options);
  throw new UsageError('only a service is explained by name: isthmus explain service NAME');
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
