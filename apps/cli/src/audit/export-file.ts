import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { issue, type Issue } from '@isthmus/domain';
import * as z from 'zod';
import { done, failed, type Outcome } from '../outcome.js';
import { auditRowSchema, auditSealSchema, type AuditBatch, type AuditSource } from './audit-source.js';

const TYPE = 'isthmus.audit-export/v1';

const headSchema = z.object({ type: z.literal(TYPE), org: z.string(), keys: z.array(z.string()) });
const lineSchema = z.union([
  z.strictObject({ seal: auditSealSchema }),
  z.strictObject({ change: auditRowSchema }),
  z.strictObject({ unsealed: z.int() }),
]);

/** The first line of an export. */
export function exportHead({ org, keys }: Pick<AuditSource, 'org' | 'keys'>, exportedAt: Date): string {
  return `${JSON.stringify({ type: TYPE, org, exportedAt: exportedAt.toISOString(), keys })}\n`;
}

/** The lines of a batch: its seal before its changes. What is in no seal is last and begins with its number, so that a cut file is noticed. */
export function exportLines({ seal, rows }: AuditBatch): string {
  const first = seal === undefined ? { unsealed: rows.length } : { seal };
  return [first, ...rows.map((change) => ({ change }))].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Reads an export. A line that is none ends it with an issue that names the line. */
export async function exportSource(file: string): Promise<Outcome<AuditSource>> {
  const lines = linesOf(file);
  const first = await lines.next();
  if (first.done === true) return failed(broken(file, 1, 'the file is empty'));
  if (!first.value.ok) return first.value;
  const head = headSchema.safeParse(first.value.value.json);
  if (!head.success) return failed(broken(file, 1, `not the heading of an export: ${z.prettifyError(head.error)}`));
  return done({ ...head.data, batches: batches(file, lines) });
}

interface NumberedLine {
  number: number;
  json: unknown;
}

async function* linesOf(file: string): AsyncGenerator<Outcome<NumberedLine>, undefined> {
  let number = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      number += 1;
      const json = jsonOf(text);
      yield json === undefined ? failed(broken(file, number, 'not JSON')) : done({ number, json });
    }
  } catch (error) {
    yield failed(broken(file, number, error instanceof Error ? error.message : String(error)));
  }
  return undefined;
}

async function* batches(
  file: string,
  lines: AsyncGenerator<Outcome<NumberedLine>, undefined>,
): AsyncGenerator<Outcome<AuditBatch>> {
  const reader = new BatchReader(file);
  for await (const line of lines) {
    const step = line.ok ? reader.take(line.value) : line;
    if (!step.ok) {
      yield step;
      return;
    }
    if (step.value !== undefined) yield done(step.value);
  }
  yield reader.end();
}

/** Puts lines together to batches. */
class BatchReader {
  #batch: (AuditBatch & { wanted: number }) | undefined;
  #isLast = false;
  #number = 1;

  constructor(private readonly file: string) {}

  /** The batch that the line ends, if it begins another one. */
  take({ number, json }: NumberedLine): Outcome<AuditBatch | undefined> {
    this.#number = number;
    const parsed = lineSchema.safeParse(json);
    if (!parsed.success) return this.#broken('neither a seal nor a change');
    const content = parsed.data;
    const batch = this.#batch;
    if (!('change' in content)) {
      if (this.#isLast) return this.#broken('something follows what is in no seal');
      this.#isLast = 'unsealed' in content;
      this.#batch =
        'seal' in content
          ? { seal: content.seal, rows: [], wanted: content.seal.rows }
          : { rows: [], wanted: content.unsealed };
      return done(batch);
    }
    if (batch === undefined) return this.#broken('a change before the first seal');
    batch.rows.push(content.change);
    return done(undefined);
  }

  end(): Outcome<AuditBatch> {
    const batch = this.#batch;
    if (batch === undefined || !this.#isLast || batch.rows.length !== batch.wanted)
      return this.#broken('the file ends too early');
    return done(batch);
  }

  #broken(message: string): { ok: false; issues: Issue[] } {
    return failed(broken(this.file, this.#number, message));
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const broken = (file: string, line: number, message: string) =>
  issue('ISM0975', { message, source: { file, line, column: 1 } });
