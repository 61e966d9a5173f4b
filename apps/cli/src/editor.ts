import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a person made of a text, in a file that stays until it is discarded; or why there is nothing. */
export type EditOutcome =
  { ok: true; text: string; file: string; discard: () => Promise<void> } | { ok: false; message: string };

/** The editor that was named, if one was, and whether there is a terminal for one that needs it. */
export interface Editor {
  command: string | undefined;
  isTty: boolean;
}

const USUAL = 'vi';
const NO_TERMINAL = `there is no terminal for ${USUAL}: name an editor in $EDITOR, or change the resource with isthmus apply`;

/** Opens a text in an editor, in a file that only its owner can read, and waits until the editor ends. */
export async function editText(editor: Editor, text: string, name: string): Promise<EditOutcome> {
  const { command = USUAL } = editor;
  if (editor.command === undefined && !editor.isTty) return { ok: false, message: NO_TERMINAL };
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-edit-'));
  const file = join(folder, name);
  const discard = () => rm(folder, { recursive: true, force: true });
  await writeFile(file, text, { mode: 0o600 });
  const fault = await runEditor(command, file);
  if (fault === undefined) return { ok: true, text: await readFile(file, 'utf8'), file, discard };
  await discard();
  return { ok: false, message: `the editor ${command} ${fault}` };
}

/** Through a shell, since $EDITOR may hold arguments, as in `code --wait`. */
function runEditor(command: string, file: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', `exec ${command} "$1"`, 'sh', file], { stdio: 'inherit' });
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`));
  });
}
