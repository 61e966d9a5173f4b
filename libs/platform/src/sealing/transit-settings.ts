import { readFile } from 'node:fs/promises';
import * as z from 'zod';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const isSafe = ({ protocol, hostname, username, search }: URL): boolean =>
  (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))) && username === '' && search === '';

const name = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,30}[A-Za-z0-9])?$/, 'must be a name of 1 to 32 letters');

const schema = z.strictObject({
  url: z
    .string()
    .refine(
      (text) => URL.canParse(text) && isSafe(new URL(text)),
      'must be https://host:port (http on this machine only)',
    ),
  mount: name.default('transit'),
  key: name,
  tokenFile: z.string().min(1),
  namespace: z.string().min(1).max(200).optional(),
  caFile: z.string().min(1).optional(),
  timeoutMs: z.int().min(100).max(60_000).default(5000),
  seals: z.boolean().default(true),
});

/** Where the key service is, and by which key of it; `seals: false`: it opens what it sealed before, and local keys seal. */
export type TransitSettings = z.infer<typeof schema>;

/** Reads the file that names a key service; throws with every fault of it, and no value. */
export async function readTransitSettings(file: string): Promise<TransitSettings> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => refuse([reasonOf(error)]));
  const parsed = schema.safeParse(jsonOf(text));
  return parsed.success
    ? parsed.data
    : refuse(
        parsed.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)),
      );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return refuse(['it is not JSON']);
  }
}

function refuse(faults: readonly string[]): never {
  throw new Error(`ISM0576 the file of the key service (SECRETS_SERVICE_FILE) cannot be used: ${faults.join('; ')}`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? `it cannot be read (${String(error.code)})` : 'it cannot be read';
}
