import 'reflect-metadata';
import { createPublicKey, webcrypto } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import type { PublicKey } from '@peculiar/x509';

const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 8192;
const CURVES: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1']);

/** The key of a request that proved possession of it; nothing else of the request is used. */
export type CheckedRequest = { ok: true; publicKey: PublicKey } | { ok: false; reason: string };

/** Checks form, kind and size of the key, and the request's own signature. Its subject and extensions are ignored. */
export async function checkRequest(pem: string): Promise<CheckedRequest> {
  let request: Pkcs10CertificateRequest;
  let key: KeyObject;
  try {
    request = new Pkcs10CertificateRequest(pem);
    key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' });
  } catch {
    return { ok: false, reason: 'it is no PKCS#10 request in PEM' };
  }
  const refusal = keyRefusal(key);
  if (refusal !== undefined) return { ok: false, reason: refusal };
  const proven = await request.verify(webcrypto).catch(() => false);
  return proven ? { ok: true, publicKey: request.publicKey } : { ok: false, reason: 'its own signature is wrong' };
}

function keyRefusal(key: KeyObject): string | undefined {
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return undefined;
    case 'ec':
      return curveRefusal(key.asymmetricKeyDetails?.namedCurve ?? 'unknown');
    case 'rsa':
      return rsaRefusal(key.asymmetricKeyDetails?.modulusLength ?? 0);
    default:
      return `its key is of type ${String(key.asymmetricKeyType)}; use P-256, P-384, Ed25519 or RSA`;
  }
}

function curveRefusal(curve: string): string | undefined {
  return CURVES.has(curve) ? undefined : `its curve is ${curve}; use P-256 or P-384`;
}

function rsaRefusal(bits: number): string | undefined {
  if (bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS) return undefined;
  return `its RSA key has ${String(bits)} bits; use ${String(MIN_RSA_BITS)} to ${String(MAX_RSA_BITS)}`;
}
