import { Option, type Command } from 'commander';
import { addAudit } from './audit-commands.js';
import { addClusterLife } from './cluster-commands.js';
import { addCordons } from './cordon-commands.js';
import { addCredentials } from './credential-commands.js';
import { addRoles } from './role-commands.js';
import {
  context,
  detailedExitcode,
  examples,
  filename,
  issueOutput,
  outputOf,
  project,
  strict,
  type Wiring,
} from './command-options.js';
import { approve, type ApproveOptions } from './commands/approve.js';
import { apply, create, diffOnline, type ApplyOptions, type DiffOptions } from './commands/apply.js';
import { onboardByManifest, wantsManifest, type ManifestOptions } from './commands/cluster-manifest.js';
import { onboard } from './commands/cluster-onboard.js';
import { deleteCommand, type DeleteOptions } from './commands/delete.js';
import { describe, type DescribeOptions } from './commands/describe.js';
import { diffOffline } from './commands/diff-offline.js';
import { edit, type EditOptions } from './commands/edit.js';
import { describeHold, getHolds, isHoldWord } from './commands/holds.js';
import { get, type GetOptions } from './commands/get.js';
import { lint, type LintOptions } from './commands/lint.js';
import { contextDelete, contextList, contextUse } from './commands/login.js';
import { accessWord, getAccess } from './commands/roles.js';
import { getServices, isServiceWord } from './commands/services.js';
import { getReports, isReportWord } from './commands/slo-reports.js';
import { status, type StatusOptions } from './commands/status.js';
import { waitCommand, type WaitOptions } from './commands/wait.js';
import { addSignIn } from './sign-in-commands.js';
import type { ExitCode } from './terminal.js';

const WATCH = 'go on and show changes: asks again every two seconds, also while the server is away';

/** Commands that talk to the API. */
export function addOnlineCommands(program: Command, wiring: Wiring): void {
  addSignIn(program, wiring);
  addContexts(program, wiring);
  addReading(program, wiring);
  addWatching(program, wiring);
  addLint(program, wiring);
  addCreating(program, wiring);
  addChanging(program, wiring);
  addApproving(program, wiring);
  addCordons(program, wiring);
  addRoles(program, wiring);
  addCredentials(program, wiring);
  addAudit(program, wiring);
  addClusters(program, wiring);
}

function addContexts(program: Command, { terminal, run }: Wiring): void {
  const contexts = program
    .command('context')
    .summary('list, choose and delete contexts')
    .description('Servers with their tokens.');
  contexts
    .command('list')
    .description('Lists contexts; * is the current one.')
    .action(() => run(contextList(terminal)));
  contexts
    .command('use <name>')
    .description('Makes a context the current one.')
    .action((name: string) => run(contextUse(terminal, name)));
  contexts
    .command('delete <name>')
    .description('Forgets a context and its token.')
    .action((name: string) => run(contextDelete(terminal, name)));
}

function addReading(program: Command, { terminal, run }: Wiring): void {
  program
    .command('get <kind> [name]')
    .summary('show resources, global services, objectives, held deletions or roles')
    .description(
      'Shows resources of one kind, or one of them; services: hosts and who serves them; sloreports: how objectives stand, the least error budget first; holds: deletions that wait for approval; roles; bindings: who holds which role.',
    )
    .addOption(outputOf('table', 'wide', 'json', 'yaml', 'name'))
    .addOption(project())
    .option('-l, --selector <labels>', 'conditions on labels: tier=app,site!=us,"env in (dev,test)",team,!old')
    .option('-w, --watch', WATCH)
    .addOption(context())
    .addHelpText(
      'after',
      examples(
        'isthmus get clusters -o wide',
        'isthmus get gns bookinfo -o yaml',
        'isthmus get services',
        'isthmus get sloreports',
        'isthmus get holds',
      ),
    )
    .action((kind: string, name: string | undefined, options: GetOptions) =>
      run(getAny(terminal, [kind, name], options)),
    );
  program
    .command('describe <kind> <name>')
    .summary('show a resource with conditions and issues')
    .description('Shows one resource, its conditions, and what compile and agents found; hold: what would be deleted.')
    .addOption(project())
    .addOption(context())
    .addHelpText('after', examples('isthmus describe gns bookinfo'))
    .action((kind: string, name: string, options: DescribeOptions) =>
      run(isHoldWord(kind) ? describeHold(terminal, name, options) : describe(terminal, [kind, name], options)),
    );
}

function getAny(...[terminal, [kind, name], options]: Parameters<typeof get>): Promise<ExitCode> {
  const access = accessWord(kind);
  if (access !== undefined) return getAccess(terminal, [access, name], options);
  if (isHoldWord(kind)) return getHolds(terminal, name, options);
  if (isServiceWord(kind)) return getServices(terminal, name, options);
  if (isReportWord(kind)) return getReports(terminal, name, options);
  return get(terminal, [kind, name], options);
}

function addWatching(program: Command, { terminal, run }: Wiring): void {
  program
    .command('status')
    .summary('show what each cluster holds')
    .description('Shows for each global namespace and cluster what is wanted, what is applied, and how fresh that is.')
    .addOption(outputOf('table', 'json'))
    .option('-w, --watch', WATCH)
    .addOption(context())
    .addHelpText('after', examples('isthmus status --watch'))
    .action((options: StatusOptions) => run(status(terminal, options)));
  program
    .command('wait <kind> <name>')
    .summary('wait for a condition')
    .description('Waits until a condition holds for the newest generation of a resource, or until it is deleted.')
    .requiredOption('--for <condition>', 'delete, condition=TYPE, or condition=TYPE=false')
    .option('--timeout <time>', 'how long: 30s, 5m (default), 1h')
    .addOption(project())
    .addOption(context())
    .addHelpText('after', examples('isthmus wait gns bookinfo --for=condition=Applied --timeout 2m'))
    .action((kind: string, name: string, options: WaitOptions) => run(waitCommand(terminal, [kind, name], options)));
}

function addLint(program: Command, { terminal, run }: Wiring): void {
  program
    .command('lint')
    .summary('show what users configured in their meshes against global hosts')
    .description(
      "Judges users' VirtualServices, DestinationRules, ServiceEntries, Sidecars, Gateways, PeerAuthentications and AuthorizationPolicies against the global namespaces: those that agents reported, or with -f those in the folders clusters/<name> of a bundle. `validate` includes the latter.",
    )
    .option('-f, --filename <path>', 'folder or file of a bundle, - for stdin: without a server')
    .option('--cluster <name>', 'only objects of this cluster')
    .addOption(issueOutput())
    .addOption(strict())
    .addOption(context())
    .addHelpText('after', examples('isthmus lint', 'isthmus lint --cluster east -o json', 'isthmus lint -f ./bundle'))
    .action((options: LintOptions) => run(lint(terminal, options)));
}

function addCreating(program: Command, { terminal, run }: Wiring): void {
  program
    .command('create')
    .summary('create resources, none of which is there yet')
    .description(
      'Creates all resources of a folder, a file or stdin (-) in one transaction; none if one of them is there already.',
    )
    .addOption(filename('folder, file, or - for stdin'))
    .option('--dry-run', 'write nothing, show the rendered difference')
    .addOption(context())
    .addHelpText('after', examples('isthmus create -f gns.yaml --dry-run', 'cat gns.yaml | isthmus create -f -'))
    .action((options: ApplyOptions) => run(create(terminal, options)));
}

function addChanging(program: Command, { terminal, run }: Wiring): void {
  program
    .command('apply')
    .summary('create or change resources')
    .description(
      'Applies all resources of a folder, a file or stdin (-) in one transaction, or none. Plain manifests are left out.',
    )
    .addOption(filename('folder, file, or - for stdin'))
    .option('--dry-run', 'write nothing, show the rendered difference')
    .option('--prune <labels>', 'delete what carries these labels and is not in the documents')
    .addOption(context())
    .addHelpText('after', examples('isthmus apply -f ./bundle --dry-run', 'cat gns.yaml | isthmus apply -f -'))
    .action((options: ApplyOptions) => run(apply(terminal, options)));
  program
    .command('edit <kind> <name>')
    .summary('change a resource in an editor')
    .description(
      'Opens a resource in $VISUAL or $EDITOR and applies what was saved, unless somebody else changed it meanwhile.',
    )
    .addOption(project())
    .addOption(context())
    .addHelpText('after', examples('isthmus edit gns bookinfo', 'EDITOR=nano isthmus edit cluster east'))
    .action((kind: string, name: string, options: EditOptions) => run(edit(terminal, [kind, name], options)));
  program
    .command('delete [kind] [names...]')
    .summary('delete resources')
    .description('Deletes resources by name, or those of a folder or file.')
    .option('-f, --filename <path>', 'folder, file, or - for stdin')
    .option('--dry-run', 'delete nothing, show the rendered difference')
    .option('-y, --yes', 'do not ask')
    .addOption(project())
    .addOption(context())
    .addHelpText('after', examples('isthmus delete gns bookinfo', 'isthmus delete -f ./bundle --yes'))
    .action((kind: string | undefined, names: string[], options: DeleteOptions) =>
      run(deleteCommand(terminal, kind === undefined ? [] : [kind, ...names], options)),
    );
  program
    .command('diff')
    .summary('show what would change')
    .description('Shows what apply would change; with --out, without a server, what render would change there.')
    .addOption(filename('folder, file, or - for stdin'))
    .option('--out <folder>', 'compare with this output of render instead of the server')
    .addOption(strict())
    .addOption(detailedExitcode())
    .addOption(context())
    .addHelpText(
      'after',
      examples('isthmus diff -f ./bundle --detailed-exitcode', 'isthmus diff -f ./bundle --out ./rendered'),
    )
    .action(({ out, ...options }: DiffOptions & { out?: string; strict?: boolean }) =>
      run(out === undefined ? diffOnline(terminal, options) : diffOffline(terminal, { ...options, out })),
    );
}

function addApproving(program: Command, { terminal, run }: Wiring): void {
  program
    .command('approve [holds...]')
    .summary('let held deletions happen')
    .description('Shows exactly which deletions wait, asks, and lets that very set happen; one that grew stays held.')
    .option('--global-namespace <name>', 'all that wait for this global namespace: NAME or PROJECT/NAME')
    .option('--cluster <name>', 'all that wait in this cluster')
    .option('--all', 'all that wait')
    .option('-y, --yes', 'do not ask')
    .addOption(new Option('-o, --output <format>', 'json: what was approved').choices(['json']))
    .addOption(context())
    .addHelpText('after', examples('isthmus approve --global-namespace bookinfo', 'isthmus approve --all --yes'))
    .action((holds: string[], options: ApproveOptions) => run(approve(terminal, holds, options)));
}

function addClusters(program: Command, wiring: Wiring): void {
  const { terminal, run } = wiring;
  const cluster = program
    .command('cluster')
    .summary('onboard clusters, watch them come in, let them leave')
    .description('Life of clusters and their agents.');
  cluster
    .command('onboard <name>')
    .summary('let the agent of a cluster in')
    .description(
      'Makes a token for the agent of a registered cluster, for one use. The token, or the manifest with it, goes to stdout.',
    )
    .option('--expires <minutes>', 'how long the token is valid; default 15, most 1440')
    .option('-o, --output <format>', 'json: everything that the agent needs')
    .option('--wait', 'show each step until the cluster is ready')
    .option('--timeout <time>', 'how long to wait: 5m (default)')
    .option('-y, --yes', 'do not ask, also where the identity of a cluster is replaced')
    .option('--manifest', 'everything that installs the agent, for kubectl apply -f -')
    .option('--url', 'the command that fetches that manifest from this server, good three times')
    .option('--namespace <name>', 'namespace of the agent; default isthmus-system')
    .option('--image <image>', 'image of the agent, by tag or digest')
    .option('--proxy <url>', 'HTTP proxy to the gateway, without user and password')
    .option('--proxy-bypass <hosts>', 'hosts, domains and address ranges that are dialled directly')
    .option('--extra-ca <file>', 'more CAs in PEM, of the proxy or the metrics store')
    .option('--prometheus <url>', 'metrics store of the cluster')
    .option('--mesh-namespace <name>', "namespace of the mesh's control plane; default istio-system")
    .option('--write-namespace <names...>', 'where the agent may write mesh configuration; default everywhere')
    .option('--envoy-filters', 'the agent may make EnvoyFilters too, which rate limits on Istio need')
    .addOption(context())
    .addHelpText(
      'after',
      examples(
        'isthmus cluster onboard east --manifest | kubectl apply -f -',
        'isthmus cluster onboard east --url',
        'isthmus cluster onboard east > token',
      ),
    )
    .action((name: string, options: ManifestOptions) =>
      run(wantsManifest(options) ? onboardByManifest(terminal, name, options) : onboard(terminal, name, options)),
    );
  addClusterLife(cluster, wiring);
}
