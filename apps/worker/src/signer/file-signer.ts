import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { atomicWriteFile, forSecretFile, type KeyEncryption, readSecretFile } from '@isthmus/platform';
import type { Signer } from './signer.js';

/** Where the key lies, and where agents' trust in it is written. */
export interface KeyFiles {
  privateKeyFile: string;
  publicKeysFile: string;
  /** Seal the private key where it lies. */
  keys?: KeyEncryption | undefined;
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

async function readKey(file: string, keys: KeyEncryption | undefined): Promise<KeyObject | undefined> {
  const pem = await readSecretFile(file, keys);
  if (pem === undefined) return undefined;
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${file} holds a key that is not Ed25519`);
  return key;
}

/** Two workers that start at once agree on one key: the file appears whole, and only if it was not there. */
async function makeKey(file: string, keys: KeyEncryption | undefined): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.draft`;
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeFile(draft, await forSecretFile(file, pem, keys), { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Public keys that were published before stay: agents that pinned them must not be told otherwise by a second key. */
async function publish(file: string, publicKeyPem: string): Promise<void> {
  const known = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return '';
    throw error;
  });
  if (known.includes(publicKeyPem.trim())) return;
  await mkdir(dirname(file), { recursive: true });
  await atomicWriteFile(file, `${known}${publicKeyPem}`);
}

/** Reads the signing key, making it at first start (mode 0600), and publishes its public half for enrolment. */
export async function fileSigner({ privateKeyFile, publicKeysFile, keys }: KeyFiles): Promise<Signer> {
  let key = await readKey(privateKeyFile, keys);
  if (key === undefined) {
    await makeKey(privateKeyFile, keys);
    key = await readKey(privateKeyFile, keys);
  }
  if (key === undefined) throw new Error(`${privateKeyFile} could not be made`);
  const signingKey = key;
  const publicKeyPem = createPublicKey(signingKey).export({ type: 'spki', format: 'pem' }).toString();
  await publish(publicKeysFile, publicKeyPem);
  return { publicKeyPem, sign: (text) => sign(null, Buffer.from(text, 'utf8'), signingKey).toString('base64') };
}
