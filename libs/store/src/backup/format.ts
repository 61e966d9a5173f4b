import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/**
 * A backup is gzipped lines of JSON: a header, then tables each followed by their rows (every value as Postgres' text),
 * then a footer with the number of rows and the SHA-256 of all lines before it.
 */
export interface BackupHeader {
  format: 'isthmus-backup';
  version: 1;
  /** Last migration of the database that was read. */
  schema: string;
  epoch: number;
  lineage: string;
  createdAt: string;
}

export interface BackupTable {
  table: string;
  columns: { name: string; type: string }[];
}

export type BackupRow = (string | null)[];

export interface BackupFooter {
  rows: number;
  sha256: string;
}

export type BackupLine =
  { line: 'header'; header: BackupHeader } | { line: 'table'; table: BackupTable } | { line: 'row'; row: BackupRow };

/** FILE: it is damaged, cut off or no backup. SCHEMA: a newer release made it. NOT_EMPTY: the database is in use. */
export type BackupFault = 'FILE' | 'SCHEMA' | 'NOT_EMPTY';

/** Why a file cannot be restored; nothing was written then. */
export class BackupError extends Error {
  constructor(
    message: string,
    readonly fault: BackupFault = 'FILE',
  ) {
    super(message);
    this.name = 'BackupError';
  }
}

/** Numbers and hashes the lines of a backup while they pass. */
export function lineHasher() {
  const hash = createHash('sha256');
  let rows = 0;
  return {
    add: (text: string, isRow: boolean) => {
      hash.update(text);
      hash.update('\n');
      rows += isRow ? 1 : 0;
    },
    footer: (): BackupFooter => ({ rows, sha256: hash.copy().digest('hex') }),
  };
}

/** Reads a backup from its beginning; ends normally only if the footer fits what was read. */
export async function* readBackup(file: string): AsyncGenerator<BackupLine> {
  const hasher = lineHasher();
  const source = createReadStream(file);
  const unpacked = source.pipe(createGunzip());
  source.on('error', (error) => unpacked.destroy(error));
  let footer: BackupFooter | undefined;
  try {
    for await (const text of createInterface({ input: unpacked, crlfDelay: Infinity })) {
      if (footer !== undefined) throw new BackupError(`${file} goes on after its end`);
      const value = parse(text, file);
      if (isFooter(value)) {
        footer = value;
        continue;
      }
      const line = lineOf(value, file);
      hasher.add(text, line.line === 'row');
      yield line;
    }
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(`${file} cannot be read as a backup: ${(error as Error).message}`);
  }
  const expected = hasher.footer();
  if (footer === undefined) throw new BackupError(`${file} ends too early: it was cut off`);
  if (footer.sha256 !== expected.sha256 || footer.rows !== expected.rows) {
    throw new BackupError(`${file} is damaged: its checksum does not fit its content`);
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BackupError(`${file} is damaged: a line is not JSON`);
  }
}

function isFooter(value: unknown): value is BackupFooter {
  return typeof value === 'object' && value !== null && 'sha256' in value;
}

function lineOf(value: unknown, file: string): BackupLine {
  if (Array.isArray(value)) return { line: 'row', row: value as BackupRow };
  if (typeof value === 'object' && value !== null) {
    if ('format' in value) return { line: 'header', header: headerOf(value, file) };
    if ('table' in value) return { line: 'table', table: value as BackupTable };
  }
  throw new BackupError(`${file} is damaged: a line is neither header, table, row nor footer`);
}

function headerOf(value: { format: unknown; version?: unknown }, file: string): BackupHeader {
  if (value.format === 'isthmus-backup' && value.version === 1) return value as BackupHeader;
  throw new BackupError(`${file} is no backup of a version that this release reads`);
}
