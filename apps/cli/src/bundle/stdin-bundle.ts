import { issue } from '@isthmus/domain';
import type { Terminal } from '../terminal.js';
import type { BundleOnDisk } from './bundle-reader.js';
import { decodeText } from './decode-text.js';
import { FileBudget } from './file-budget.js';

/** What `-f` says for stdin. */
export const STDIN = '-';

/** How the file of stdin is shown. */
export const STDIN_TITLE = '<stdin>';

const FILE = 'stdin.yaml';

/** The documents that are piped in, as a bundle of one file. */
export async function readStdinBundle(terminal: Pick<Terminal, 'readStdin'>): Promise<BundleOnDisk> {
  const bytes = await terminal.readStdin();
  const refused = (code: 'ISM0031' | 'ISM0105', message: string): BundleOnDisk => ({
    files: [],
    issues: [issue(code, { message, source: { file: FILE, line: 1, column: 1 } })],
    isFolder: false,
  });
  const reason = new FileBudget().refuse(bytes.length);
  if (reason !== undefined) return refused('ISM0105', reason);
  const text = decodeText(bytes);
  if (text === undefined) return refused('ISM0031', 'the text is not UTF-8');
  return { files: [{ path: FILE, text }], issues: [], isFolder: false };
}
