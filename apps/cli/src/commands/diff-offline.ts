import { issue } from '@isthmus/domain';
import { join } from 'node:path';
import { assemble } from '../offline/assemble.js';
import { diffOutput } from '../offline/diff-output.js';
import { loadBundle } from '../offline/load-bundle.js';
import { RENDER_RECORD } from '../offline/render-record.js';
import { Progress } from '../output/progress.js';
import { coloursFor } from '../output/colours.js';
import { colouredPatch } from '../output/coloured-patch.js';
import { reportIssues, type IssueOptions } from '../output/report-issues.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { refuseOneFile } from './render.js';

/** Options of `diff` against an output folder. */
export interface OfflineDiffOptions extends IssueOptions {
  filename: string;
  out: string;
  detailedExitcode?: boolean;
}

/** `isthmus diff -f DIR --out OUT`: what `render` would change. Writes nothing. */
export async function diffOffline(terminal: Terminal, options: OfflineDiffOptions): Promise<ExitCode> {
  await refuseOneFile('diff --out', options.filename);
  const progress = new Progress(terminal);
  const assembly = assemble(await loadBundle(options.filename, { terminal, progress }), progress);
  progress.end();
  const { output: _output, ...told } = options;
  const code = reportIssues(terminal, assembly.issues, told);
  if (code !== EXIT.ok) return code;
  const patches = diffOutput(options.out, assembly.clusters);
  if (patches === undefined) {
    const source = { file: join(options.out, RENDER_RECORD), line: 1, column: 1 };
    return reportIssues(terminal, [issue('ISM0604', { message: 'the record cannot be understood', source })]);
  }
  const colours = coloursFor(terminal, terminal.isOutTty);
  let isChanged = false;
  for (const patch of patches) {
    isChanged = true;
    terminal.out(colouredPatch(patch, colours));
  }
  if (!isChanged) terminal.err('no changes\n');
  return isChanged && options.detailedExitcode ? EXIT.changes : EXIT.ok;
}
