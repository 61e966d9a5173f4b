import { lstat, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { didYouMean, issue, type Issue } from '@isthmus/domain';
import { atomicWriteFile, makeFolder } from '@isthmus/platform';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { done, failed, type Outcome } from '../outcome.js';

/** A context is called after its server's host where it has no name of its own: 253 characters, and a port. */
const NAME_LENGTH = 260;
const context = z.strictObject({ name: z.string().min(1).max(NAME_LENGTH), server: z.url(), token: z.string().min(1) });
const schema = z.strictObject({ currentContext: z.string().optional(), contexts: z.array(context) });

/** A server with the token for it. */
export type Context = z.infer<typeof context>;
/** The file of contexts; it holds tokens and is for its owner only. */
export type Contexts = z.infer<typeof schema>;

const OTHERS = 0o077;

/** Reads the file of contexts; no file is no contexts. A file that others may read is refused. */
export async function readContexts(file: string): Promise<Outcome<Contexts>> {
  const info = await lstat(file).catch(() => undefined);
  if (info === undefined) return done({ contexts: [] });
  const isOpen = process.platform !== 'win32' && (info.mode & OTHERS) !== 0 && !info.isSymbolicLink();
  if (isOpen) return failed(unusable(file, `others may read it: chmod 600 ${file}`));
  try {
    const parsed = schema.safeParse(parse(await readFile(file, 'utf8'), { logLevel: 'error' }));
    return parsed.success ? done(parsed.data) : failed(unusable(file, 'it has another form'));
  } catch {
    return failed(unusable(file, 'it cannot be read as YAML'));
  }
}

/** True if a context can have this name: one that it cannot have would make the file unreadable. */
export const isContextName = (name: string): boolean => context.shape.name.safeParse(name).success;

/** Replaces the file of contexts, for the owner only. */
export async function writeContexts(file: string, contexts: Contexts): Promise<Outcome<undefined>> {
  try {
    await makeFolder(dirname(file), { mode: 0o700 });
    await atomicWriteFile(file, stringify(contexts), { mode: 0o600 });
    return done(undefined);
  } catch (error) {
    const message = `it cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    return failed({ ...unusable(file, message), hint: 'ISTHMUS_CONFIG names another file' });
  }
}

/** The context of that name, or an issue that names near ones. */
export function contextNamed({ contexts }: Contexts, name: string): Outcome<Context> {
  const found = contexts.find((one) => one.name === name);
  if (found !== undefined) return done(found);
  const hint = didYouMean(
    name,
    contexts.map((one) => one.name),
  );
  return failed(issue('ISM0613', { message: `there is no context ${name}`, ...(hint && { hint }) }));
}

function unusable(file: string, message: string): Issue {
  return issue('ISM0614', { message, source: { file, line: 1, column: 1 } });
}
