import { assemble, type Assembly } from '../offline/assemble.js';
import { loadBundle } from '../offline/load-bundle.js';
import { Progress } from '../output/progress.js';
import { reportIssues, type IssueOptions } from '../output/report-issues.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';

/** Options of `validate`. */
export interface ValidateOptions extends IssueOptions {
  filename: string;
}

/** `isthmus validate -f DIR`: everything that can be said of a bundle without a server. Writes nothing. */
export async function validate(terminal: Terminal, options: ValidateOptions): Promise<ExitCode> {
  const progress = new Progress(terminal);
  const assembly = assemble(await loadBundle(options.filename, { terminal, progress }), progress);
  progress.end();
  const code = reportIssues(terminal, assembly.issues, options);
  if (code === EXIT.ok) terminal.err(`valid: ${contentOf(assembly)}\n`);
  return code;
}

/** `3 clusters, 1 global namespace, 9 services`. */
export function contentOf({ clusters, compiled }: Assembly): string {
  const hosts = compiled.globalNamespaces.reduce((sum, { view }) => sum + (view?.hosts.length ?? 0), 0);
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  const namespaces = count(compiled.globalNamespaces.length, 'global namespace');
  return `${namespaces}, ${count(hosts, 'global service')}, ${count(clusters.length, 'cluster')} reached`;
}
