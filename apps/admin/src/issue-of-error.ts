import { ISSUE_CATALOG, issue, type Issue, type IssueCode } from '@isthmus/domain';
import { BackupError, errorCode, faultOf, type BackupFault } from '@isthmus/store';

const OF_BACKUP: Record<BackupFault, IssueCode> = { FILE: 'ISM0652', SCHEMA: 'ISM0653', NOT_EMPTY: 'ISM0651' };
/** SQLSTATE: wrong password or role, unknown database, no privilege, refused connection. */
const NO_ENTRY = /^(28...|3D000|42501|ENOTFOUND|EAI_AGAIN|53300)$/;
/** What says its number itself. */
const NUMBERED = /^(ISM057[13]) (.*)$/s;
const NO_SCHEMA = /^(42P01|3F000)$/;
const NOT_WRITABLE = /^(EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EISDIR|ENOSPC|EDQUOT|EEXIST|EPIPE)$/;

/** The numbered issue behind an error of the store or the file system; undefined for what nobody foresaw. */
export function issueOfError(error: unknown): Issue | undefined {
  if (error instanceof AggregateError) return issueOfError(error.errors[0]);
  const message = error instanceof Error ? error.message : String(error);
  return numbered(message) ?? issueOf(error, message);
}

function numbered(message: string): Issue | undefined {
  const [, code, text = ''] = NUMBERED.exec(message) ?? [];
  return code === undefined ? undefined : made(code as IssueCode, text);
}

function issueOf(error: unknown, message: string): Issue | undefined {
  if (error instanceof BackupError) return made(OF_BACKUP[error.fault], message);
  if (isFileError(error)) return made('ISM0655', message);
  if (/was not migrated|which this release does not know|was changed after it had been applied/.test(message))
    return made('ISM0654', message);
  const code = errorCode(error) ?? '';
  if (NO_SCHEMA.test(code)) return made('ISM0654', 'the database was not migrated');
  if (NO_ENTRY.test(code) || faultOf(error) === 'connection') return made('ISM0650', message);
  return undefined;
}

function made(code: IssueCode, message: string): Issue {
  return issue(code, { message, hint: ISSUE_CATALOG[code].fix });
}

/** Errors of files name a path; errors of sockets do not. */
function isFileError(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return false;
  return ('path' in error || error.syscall === 'write') && NOT_WRITABLE.test(String(error.code));
}
