import { issue, type Issue } from '@isthmus/domain';

/** What an error of the operating system means to whoever asked for the output, and what to do. */
const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  EEXIST: ['a file stands where a folder is needed', 'choose another folder with --out, or move the file away'],
  ENOTDIR: ['a file stands where a folder is needed', 'choose another folder with --out, or move the file away'],
  EISDIR: ['a folder stands where the file is needed', 'move the folder away'],
  EACCES: ['permission is refused', 'correct the permissions, or choose another folder with --out'],
  EPERM: ['the operating system does not allow it', 'correct the permissions, or choose another folder with --out'],
  EROFS: ['the file system is read-only', 'choose another folder with --out, or mount it so that it may be written'],
  ENOSPC: ['no space is left', 'free some space and render again: it goes on where it was'],
  EDQUOT: ['the quota is used up', 'free some space and render again: it goes on where it was'],
  ENAMETOOLONG: ['the path is too long', 'choose a shorter path with --out'],
  ELOOP: ['links go round in a circle', 'correct the links, or choose another folder with --out'],
};

/** The issue of a file or folder that cannot be written. */
export function unwritable(file: string, error: unknown): Issue {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const [reason, hint] = REASONS[code] ?? [code, undefined];
  const message = reason === code ? `cannot be written (${code})` : `cannot be written: ${reason} (${code})`;
  return issue('ISM0605', { message, source: { file, line: 1, column: 1 }, ...(hint && { hint }) });
}
