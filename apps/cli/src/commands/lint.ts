import type { Issue } from '@isthmus/domain';
import { lintBundle } from '../offline/assemble.js';
import { loadBundle } from '../offline/load-bundle.js';
import { lintIssues } from '../online/lint-issues.js';
import { proceed, withSession, type OnlineOptions } from '../online/session.js';
import { Progress } from '../output/progress.js';
import { reportIssues, type IssueOptions } from '../output/report-issues.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';

/** Options of `lint`. */
export interface LintOptions extends OnlineOptions, IssueOptions {
  filename?: string;
  cluster?: string;
}

/** `isthmus lint`: what users configured in their meshes and stands in the way of global hosts, by the server or by a bundle alone. */
export async function lint(terminal: Terminal, options: LintOptions): Promise<ExitCode> {
  const { filename, cluster } = options;
  if (filename === undefined) {
    return withSession(terminal, options, async (session) =>
      proceed(session, await lintIssues(session.ask, cluster), (issues) => tell(terminal, issues, options)),
    );
  }
  const progress = new Progress(terminal);
  const issues = lintBundle(await loadBundle(filename, { terminal, progress }));
  progress.end();
  return tell(terminal, cluster === undefined ? issues : issues.filter((one) => one.cluster === cluster), options);
}

function tell(terminal: Terminal, issues: readonly Issue[], options: IssueOptions): ExitCode {
  const code = reportIssues(terminal, issues, options);
  if (code === EXIT.ok && issues.length === 0) terminal.err('nothing stands in the way of global hosts\n');
  return code;
}
