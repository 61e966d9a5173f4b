import type { Command } from 'commander';
import { context, examples, outputOf, type Wiring } from './command-options.js';
import { auditChanges, type ChangesOptions } from './commands/audit-changes.js';
import {
  auditExport,
  auditList,
  auditVerify,
  type ExportOptions,
  type ListOptions,
  type VerifyOptions,
} from './commands/audit.js';

/** Looking at what was changed, and at whether that is what was written. */
export function addAudit(program: Command, { terminal, run }: Wiring): void {
  const audit = program
    .command('audit')
    .summary('list, export and verify the audit log')
    .description('Who changed what, when, from where, by which token; sealed so that a change of it is noticed.');
  audit
    .command('list')
    .description('Lists changes, the newest first; diff shows what was there before and after.')
    .option('--actor <actor>', 'only by this actor: a part of the name, or an id like token:… or agent:…')
    .option('--action <action>', 'only this action, like applyResources')
    .option('--kind <kind>', 'only of this kind of subject, like GlobalNamespace')
    .option('--subject <id>', 'only of the subject with this uid or id')
    .option('--from <time>', 'only at or after this time (RFC 3339) or day (UTC)')
    .option('--to <time>', 'only before this time or day')
    .option('--limit <number>', 'at most that many', '50')
    .addOption(outputOf('table', 'diff', 'json'))
    .addOption(context())
    .addHelpText(
      'after',
      examples('isthmus audit list --kind GlobalNamespace -o diff', 'isthmus audit list --from 2026-11-28T10:00:00Z'),
    )
    .action((options: ListOptions) => run(auditList(terminal, options)));
  audit
    .command('changes')
    .argument('<global-namespace>', 'NAME or PROJECT/NAME')
    .description(
      'Lists who changed what in the newest revision of a global namespace, or in another one, or in all that a cluster applied of it; and which clusters hold that revision.',
    )
    .option('--revision <number>', 'of this revision')
    .option('--cluster <name>', 'in all that this cluster said it applied')
    .option('--pending', 'with --cluster: what it has not applied yet')
    .addOption(outputOf('table', 'diff', 'json'))
    .addOption(context())
    .addHelpText(
      'after',
      examples('isthmus audit changes bookinfo --revision 12 -o diff', 'isthmus audit changes bookinfo --cluster east'),
    )
    .action((name: string, options: ChangesOptions) => run(auditChanges(terminal, name, options)));
  audit
    .command('export')
    .description('Writes the whole log with its seals as JSON lines: for archives, and for audit verify -f.')
    .option('--out <file>', 'file instead of stdout; appears only when it is whole')
    .addOption(context())
    .addHelpText('after', examples('isthmus audit export --out audit.jsonl'))
    .action((options: ExportOptions) => run(auditExport(terminal, options)));
  audit
    .command('verify')
    .description(
      'Judges the log from its first seal to its last: that no seal is missing, each follows the one before it and is signed, and covers just the changes that it covered. Prints the last seal, to be noted outside: --anchor proves later that the log still holds it.',
    )
    .option('-f, --filename <file>', 'an export instead of the server')
    .option('--key <file>', 'public keys in PEM to trust, instead of those that the server or export names')
    .option('--anchor <number:hash>', 'a seal that was noted earlier and must be in the log')
    .addOption(context())
    .addHelpText(
      'after',
      examples('isthmus audit verify --key statement-keys.pub.pem', 'isthmus audit verify -f audit.jsonl'),
    )
    .action((options: VerifyOptions) => run(auditVerify(terminal, options)));
}
