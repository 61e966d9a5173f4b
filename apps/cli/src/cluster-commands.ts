import type { Command } from 'commander';
import { context, examples, type Wiring } from './command-options.js';
import {
  abandon,
  evict,
  forget,
  leave,
  revoke,
  unquarantine,
  type ClusterActOptions,
} from './commands/cluster-leave.js';
import { clusterSteps, type StepsOptions } from './commands/cluster-steps.js';

/** Commands about the life of a cluster after its token was made. */
export function addClusterLife(cluster: Command, wiring: Wiring): void {
  addSteps(cluster, wiring);
  addDepartures(cluster, wiring);
  addDecisions(cluster, wiring);
}

function addSteps(cluster: Command, { terminal, run }: Wiring): void {
  cluster
    .command('steps <name>')
    .summary('show how far a cluster is on its way in')
    .description(
      'Shows each step of onboarding with its last error and the fix. Exit code 1 if the cluster is not ready.',
    )
    .option('-o, --output <format>', 'json: all that is known')
    .option('-w, --watch', 'go on and show changes')
    .option('--wait', 'wait until the cluster is ready')
    .option('--timeout <time>', 'how long to wait: 30s, 5m (default), 1h')
    .addOption(context())
    .addHelpText('after', examples('isthmus cluster steps east', 'isthmus cluster steps east --wait --timeout 10m'))
    .action((name: string, options: StepsOptions) => run(clusterSteps(terminal, name, options)));
}

function addDepartures(cluster: Command, { terminal, run }: Wiring): void {
  cluster
    .command('leave <name>')
    .summary('let a cluster leave, with proof that nothing is left in it')
    .description(
      'Others stop using its members, these drain, then its agent removes everything and reports it, then its identity is revoked. Interrupting this command interrupts nothing: it goes on, and the command can be repeated.',
    )
    .option('--dry-run', 'only show what goes')
    .option('--cancel', 'let it stay after all, as long as it has not left')
    .option('--no-wait', 'do not wait for the end')
    .option('--timeout <time>', 'how long to wait: 10m (default)')
    .option('-y, --yes', 'do not ask')
    .addOption(context())
    .addHelpText('after', examples('isthmus cluster leave east', 'isthmus cluster leave east --cancel'))
    .action((name: string, options: ClusterActOptions) => run(leave(terminal, name, options)));
  cluster
    .command('evict <name>')
    .summary('drop a cluster that is gone or not to be trusted any more')
    .description(
      'Others drop its members, principals and trust at once, and its identity is revoked. What it holds stays there and is listed.',
    )
    .option('--dry-run', 'only show what goes and what stays')
    .option('-y, --yes', 'do not ask')
    .addOption(context())
    .addHelpText('after', examples('isthmus cluster evict east'))
    .action((name: string, options: ClusterActOptions) => run(evict(terminal, name, options)));
}

function addDecisions(cluster: Command, { terminal, run }: Wiring): void {
  const decision = (name: string, summary: string, description: string): Command =>
    cluster
      .command(`${name} <name>`)
      .summary(summary)
      .description(description)
      .option('-y, --yes', 'do not ask')
      .addOption(context())
      .addHelpText('after', examples(`isthmus cluster ${name} east`));
  decision(
    'abandon',
    'let drains not wait for a cluster that cannot be reached',
    'Members that drain elsewhere no longer wait until this cluster has confirmed it. It counts again when its agent is heard.',
  )
    .option('--undo', 'take it back')
    .action((name: string, options: ClusterActOptions) => run(abandon(terminal, name, options)));
  decision(
    'forget',
    'delete what a cluster reported that is gone',
    'Its services vanish from everywhere, without a drain, until its agent reports again. Its identity stays.',
  )
    .option('--dry-run', 'only show what goes')
    .action((name: string, options: ClusterActOptions) => run(forget(terminal, name, options)));
  decision(
    'revoke',
    'cut the agent of a cluster off',
    'Revokes its identity and all its certificates; what it applied stays. The cluster comes back with: isthmus cluster onboard.',
  ).action((name: string, options: ClusterActOptions) => run(revoke(terminal, name, options)));
  decision(
    'unquarantine',
    'let an identity connect again of which a copy was found',
    'Whoever holds the newest certificate is trusted again. If the copy may hold it, onboard the cluster again instead.',
  ).action((name: string, options: ClusterActOptions) => run(unquarantine(terminal, name, options)));
}
