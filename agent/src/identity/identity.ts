import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWriteFile } from '@isthmus/platform';
import type { VerifySignature } from '@isthmus/protocol';
import * as z from 'zod';

const identitySchema = z.object({
  version: z.literal(1),
  org: z.string(),
  cluster: z.object({ uid: z.string(), name: z.string() }),
  privateKey: z.string(),
  certificate: z.string(),
  ca: z.string(),
  statementKeys: z.array(z.string()).min(1),
});

/** What enrolment gave this cluster. Key and certificate are one file, so that a crash never leaves a pair that does not match. */
export type Identity = z.infer<typeof identitySchema>;

/** Home of the identity. In Kubernetes it is a Secret, here a folder. */
export interface IdentityStore {
  load(): Promise<Identity | undefined>;
  save(identity: Identity): Promise<void>;
  remove(): Promise<void>;
  /** Key and request of an enrolment that is under way: its answer may be lost, and the same request is answered again. */
  loadPending?(): Promise<PendingRequest | undefined>;
  savePending?(pending: PendingRequest): Promise<void>;
}

const pendingSchema = z.object({ privateKey: z.string(), csr: z.string() });

export type PendingRequest = z.infer<typeof pendingSchema>;

/** The identity as `identity.json` in a folder that only this user can enter. The private key never leaves it. */
export function fileIdentityStore(folder: string): IdentityStore {
  const path = join(folder, 'identity.json');
  const pendingPath = join(folder, 'enrolment.json');
  return {
    async load() {
      const text = await readFile(path, 'utf8').catch(missingAsUndefined);
      if (text === undefined) return undefined;
      await refuseOpenFile(path);
      return parseIdentity(text);
    },
    async save(identity) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await atomicWriteFile(path, `${JSON.stringify(identity, null, 2)}\n`, { mode: 0o600 });
      await rm(pendingPath, { force: true });
    },
    remove: () => rm(path, { force: true }),
    async loadPending() {
      const text = await readFile(pendingPath, 'utf8').catch(missingAsUndefined);
      if (text === undefined) return undefined;
      await refuseOpenFile(pendingPath);
      return parsePending(text);
    },
    async savePending(pending) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await atomicWriteFile(pendingPath, JSON.stringify(pending), { mode: 0o600 });
    },
  };
}

/** Reads a stored identity; a damaged one is an error. */
export function parseIdentity(text: string): Identity {
  const identity = identitySchema.parse(JSON.parse(text));
  createPrivateKey(identity.privateKey);
  return identity;
}

/** Reads a stored request; one that is damaged is as good as none. */
export function parsePending(text: string): PendingRequest | undefined {
  try {
    return pendingSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The identity in memory, for simulations. */
export function memoryIdentityStore(initial?: Identity): IdentityStore {
  let stored = initial;
  return {
    load: () => Promise.resolve(stored),
    save: (identity) => {
      stored = identity;
      return Promise.resolve();
    },
    remove: () => {
      stored = undefined;
      return Promise.resolve();
    },
  };
}

/** Checks Ed25519 signatures against the keys that were pinned at enrolment. */
export function pinnedVerifier(statementKeys: readonly string[]): VerifySignature {
  const keys = statementKeys.map((pem) => createPublicKey(pem)).filter((key) => key.asymmetricKeyType === 'ed25519');
  return (text, signature) => {
    const bytes = Buffer.from(signature, 'base64');
    return bytes.length === 64 && keys.some((key) => verify(null, Buffer.from(text, 'utf8'), key, bytes));
  };
}

async function refuseOpenFile(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) throw new Error(`${path} can be read by other users; its mode must be 0600`);
}

function missingAsUndefined(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
