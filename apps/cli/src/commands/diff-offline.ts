import { issue } from '@isthmus/domain';
import { join } from 'node:path';
import { assemble } from '../offline/assemble.js';
import { diffOutput } from '../offline/diff-output.js';
import { loadBundle } from '../offline/load-bundle.js';
import { outputFiles } from '../offline/output-files.js';
import { RENDER_RECORD } from '../offline/render-record.js';
import { coloursFor } from '../output/colours.js';
import { colouredPatch } from '../output/coloured-patch.js';
import { reportIssues, type IssueOptions } from '../output/report-issues.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';

/** Options of `diff` against an output folder. */
export interface OfflineDiffOptions extends IssueOptions {
  filename: string;
  out: string;
  detailedExitcode?: boolean;
}

/** `isthmus diff -f DIR --out OUT`: what `render` would change. Writes nothing. */
export async function diffOffline(terminal: Terminal, options: OfflineDiffOptions): Promise<ExitCode> {
  const assembly = assemble(await loadBundle(options.filename));
  const { output: _output, ...told } = options;
  const code = reportIssues(terminal, assembly.issues, told);
  if (code !== EXIT.ok) return code;
  const patches = await diffOutput(options.out, outputFiles(assembly.clusters));
  if (patches === undefined) {
    const source = { file: join(options.out, RENDER_RECORD), line: 1, column: 1 };
    return reportIssues(terminal, [issue('ISM0604', { message: 'the record cannot be understood', source })]);
  }
  const colours = coloursFor(terminal, terminal.isOutTty);
  for (const patch of patches) terminal.out(colouredPatch(patch, colours));
  if (patches.length === 0) terminal.err('no changes\n');
  return patches.length > 0 && options.detailedExitcode ? EXIT.changes : EXIT.ok;
}
