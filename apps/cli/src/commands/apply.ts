import { hasErrors, issue } from '@isthmus/domain';
import type { Applied, Change } from '../online/answers.js';
import { bundleDocuments, type BundleDocuments } from '../online/bundle-documents.js';
import { parseLabels } from '../online/label-selector.js';
import { applyResources } from '../online/resources.js';
import { withSession, type OnlineOptions } from '../online/session.js';
import { colouredPatch } from '../output/coloured-patch.js';
import { coloursFor } from '../output/colours.js';
import { reportIssues } from '../output/report-issues.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';

/** Options of `apply`. */
export interface ApplyOptions extends OnlineOptions {
  filename: string;
  dryRun?: boolean;
  prune?: string;
}

/** `isthmus apply -f`: all documents in one transaction, or none. With `--dry-run` the rendered difference, nothing is written. */
export function apply(terminal: Terminal, options: ApplyOptions): Promise<ExitCode> {
  return change(terminal, options, false);
}

/** `isthmus create -f`: as `apply`, and nothing at all where one of the resources is there already. */
export function create(terminal: Terminal, options: ApplyOptions): Promise<ExitCode> {
  return change(terminal, options, true);
}

async function change(terminal: Terminal, options: ApplyOptions, mustNotExist: boolean): Promise<ExitCode> {
  const dryRun = options.dryRun ?? false;
  const result = await send(terminal, { ...options, dryRun, mustNotExist });
  if (typeof result === 'number') return result;
  for (const change of result.changes) terminal.out(`${changeText(change)}${dryRun ? ' (dry run)' : ''}\n`);
  printPreview(terminal, result);
  return EXIT.ok;
}

/** Options of `diff` against the server. */
export interface DiffOptions extends OnlineOptions {
  filename: string;
  detailedExitcode?: boolean;
}

/** `isthmus diff -f`: what `apply` would change, in resources and in the configuration of each cluster. */
export async function diffOnline(terminal: Terminal, options: DiffOptions): Promise<ExitCode> {
  const result = await send(terminal, { ...options, dryRun: true });
  if (typeof result === 'number') return result;
  const changes = result.changes.filter(({ outcome }) => outcome !== 'UNCHANGED');
  for (const change of changes) terminal.out(`# ${changeText(change)}\n`);
  printPreview(terminal, result);
  if (changes.length === 0) terminal.err('no changes\n');
  return changes.length > 0 && options.detailedExitcode ? EXIT.changes : EXIT.ok;
}

type Sent = ApplyOptions & { dryRun: boolean; mustNotExist?: boolean };

/** Sends the documents; an exit code if it came to nothing, which has been told then. */
async function send(terminal: Terminal, options: Sent): Promise<Applied | ExitCode> {
  const { dryRun, mustNotExist } = options;
  const prune = options.prune === undefined ? {} : { prune: { labels: parseLabels(options.prune) } };
  const only = mustNotExist ? { mustNotExist } : {};
  const documents = await bundleDocuments(terminal, options.filename);
  const early = refusal(documents);
  if (early.length > 0) return failing(terminal, early);
  let applied: Applied | undefined;
  const code = await withSession(terminal, options, async ({ ask }) => {
    const outcome = await applyResources(ask, { files: documents.files, dryRun, ...only, ...prune });
    if (!outcome.ok) return failing(terminal, outcome.issues.map(documents.show));
    applied = outcome.value;
    reportIssues(terminal, [...documents.issues, ...applied.issues.map(documents.show)]);
    return EXIT.ok;
  });
  return applied ?? code;
}

function failing(...[terminal, issues]: Parameters<typeof reportIssues>): ExitCode {
  reportIssues(terminal, issues);
  return EXIT.issues;
}

function refusal({ issues, files }: BundleDocuments) {
  if (hasErrors(issues)) return issues;
  return files.length === 0 ? [...issues, issue('ISM0606', { message: 'no resources were found' })] : [];
}

/** `globalnamespace/default/bookinfo created`. */
export function changeText({ kind, projectName, name, outcome }: Change): string {
  const place = [kind.toLowerCase(), projectName, name].filter((part) => part !== undefined).join('/');
  return `${place} ${outcome.toLowerCase()}`;
}

/** The rendered difference of a dry run, cluster by cluster. */
export function printPreview(terminal: Terminal, { preview }: Applied): void {
  if (preview === undefined) return;
  const colours = coloursFor(terminal, terminal.isOutTty);
  for (const { cluster, objects, truncated, issues } of preview.clusters) {
    for (const { diff } of objects) terminal.out(colouredPatch(diff.endsWith('\n') ? diff : `${diff}\n`, colours));
    if (truncated) terminal.err(`${cluster}: there are more changes than are shown\n`);
    if (issues.length > 0) reportIssues(terminal, issues);
  }
  const { unknownClusters } = preview;
  if (unknownClusters.length > 0) terminal.err(`not known, no inventory yet: ${unknownClusters.join(', ')}\n`);
}
