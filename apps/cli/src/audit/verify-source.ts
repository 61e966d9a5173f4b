import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AuditChain, issue, type AuditAnchor, type Issue } from '@isthmus/domain';
import { done, failed, type Outcome } from '../outcome.js';
import type { AuditSource } from './audit-source.js';

/** What a whole log came to. */
export interface Verdict {
  issues: Issue[];
  /** The last seal; `seq` 0: there is none. */
  head: AuditAnchor;
  sealed: number;
  unsealed: number;
}

/** Issues that are told of one log: whatever follows the first break says little. */
const MOST = 50;

const PEM = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/** The Ed25519 public keys in some PEM texts. */
export function keysIn(texts: readonly string[], where: string): Outcome<KeyObject[]> {
  const keys = texts
    .flatMap((text) => text.match(PEM) ?? [])
    .flatMap((pem) => {
      try {
        return [createPublicKey(pem)];
      } catch {
        return [];
      }
    })
    .filter(({ asymmetricKeyType }) => asymmetricKeyType === 'ed25519');
  const message = `${where} holds no Ed25519 public key`;
  return keys.length === 0 ? failed(issue('ISM0976', { message })) : done(keys);
}

/** The keys in a file. */
export async function keysOfFile(file: string): Promise<Outcome<KeyObject[]>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => error as Error);
  if (text instanceof Error) return failed(issue('ISM0976', { message: text.message }));
  return keysIn([text], file);
}

/** Reads a log from end to end and judges it. `told` hears after each batch how far it is. */
export async function verifySource(
  { org, batches }: AuditSource,
  {
    keys,
    anchor,
    told,
  }: { keys: readonly KeyObject[]; anchor?: AuditAnchor | undefined; told: (rows: number) => void },
): Promise<Outcome<Verdict>> {
  const isSigned = (text: string, signature: string): boolean =>
    keys.some((key) => verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64')));
  const chain = new AuditChain({ org, verify: isSigned, anchor });
  const issues: Issue[] = [];
  let unsealed = 0;
  for await (const batch of batches) {
    if (!batch.ok) return batch;
    const { seal, rows } = batch.value;
    if (seal === undefined) unsealed += rows.length;
    else if (issues.length < MOST) issues.push(...chain.next(seal, rows));
    told(chain.rows);
  }
  if (issues.length < MOST) issues.push(...chain.end());
  return done({ issues, head: chain.head, sealed: chain.rows, unsealed });
}
