import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWriteFile } from '@isthmus/platform';
import type { Logger } from '@isthmus/platform';
import * as z from 'zod';
import type { StateStore, StoredLine } from './state-store.js';

const positionSchema = z.object({
  gns: z.string(),
  line: z.enum(['policy', 'catalog', 'cluster']),
  epoch: z.int().min(0),
  seq: z.int().min(0),
  root: z.string(),
});
const storedSchema: z.ZodType<StoredLine> = z.object({
  position: positionSchema,
  statement: positionSchema.extend({
    org: z.string(),
    cluster: z.string().optional(),
    minCatalogSeq: z.int().min(0).optional(),
  }),
  signature: z.string(),
  entries: z.array(z.object({ name: z.string(), hash: z.string(), body: z.string() })),
});

/** One file a line. A file that cannot be read back is dropped and fetched again. */
export function fileStateStore(folder: string, log: Logger): StateStore {
  const pathOf = (of: { gns: string; line: string }): string => join(folder, `${nameOf(of)}.json`);
  return {
    async load() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
      const lines = await Promise.all(files.map((name) => readLine(join(folder, name), log)));
      return lines.filter((line) => line !== undefined);
    },
    async save(line) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await atomicWriteFile(pathOf(line.position), JSON.stringify(line), { mode: 0o600, durable: false });
    },
    remove: (of) => rm(pathOf(of), { force: true }),
  };
}

function nameOf({ gns, line }: { gns: string; line: string }): string {
  return createHash('sha256').update(`${gns}/${line}`).digest('hex').slice(0, 32);
}

async function readLine(path: string, log: Logger): Promise<StoredLine | undefined> {
  try {
    return storedSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    log.warn({ err: error, path }, 'dropped a damaged file of the bundle; it will be fetched again');
    await rm(path, { force: true });
    return undefined;
  }
}
