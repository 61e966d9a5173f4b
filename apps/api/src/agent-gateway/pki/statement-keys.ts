import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const PEM = /-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/g;

/**
 * Reads the public keys that sign statements from a file with one or more of them (SPKI, PEM). It is read at each enrolment, since the
 * signer makes it at its own first start; while it is missing nobody can be enrolled.
 */
export function fileStatementKeys(path: string): () => Promise<readonly string[]> {
  return async () => {
    const keys = (await readFile(path, 'utf8')).match(PEM) ?? [];
    if (keys.length === 0) throw new Error(`${path} holds no public key`);
    for (const pem of keys) {
      if (createPublicKey(pem).asymmetricKeyType !== 'ed25519')
        throw new Error(`${path} holds a key that is not Ed25519`);
    }
    return keys.map((pem) => `${pem}\n`);
  };
}
