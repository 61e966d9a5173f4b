import 'reflect-metadata';
import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import { createCertificateRequest } from './certificate-request.js';

describe('a certificate request', () => {
  it('is refused by the library that the gateway reads it with, when a bit of it was changed', async () => {
    const bytes = new Uint8Array(new Pkcs10CertificateRequest((await createCertificateRequest()).csr).rawData);
    const middle = 60;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    const isGood = await Promise.resolve()
      .then(() => new Pkcs10CertificateRequest(bytes).verify(webcrypto))
      .catch(() => false);
    expect(isGood).toBe(false);
  });

  it('proves possession of its key, of P-256, and asks for no name and nothing else', async () => {
    // Signatures have from 70 to 72 bytes, so that many requests meet each length.
    for (let round = 0; round < 32; round += 1) {
      const { csr, privateKey } = await createCertificateRequest();
      const request = new Pkcs10CertificateRequest(csr);
      expect(await request.verify(webcrypto)).toBe(true);
      expect(request.signatureAlgorithm).toMatchObject({ name: 'ECDSA', hash: { name: 'SHA-256' } });
      expect(request.publicKey.algorithm).toMatchObject({ name: 'ECDSA', namedCurve: 'P-256' });
      expect([request.subject, request.extensions, request.attributes]).toEqual(['', [], []]);
      const ours = createPublicKey(createPrivateKey(privateKey)).export({ type: 'spki', format: 'der' });
      expect(Buffer.from(request.publicKey.rawData).equals(ours)).toBe(true);
    }
  });

  it('comes with another key each time', async () => {
    const [first, second] = [await createCertificateRequest(), await createCertificateRequest()];
    expect(first.privateKey).not.toBe(second.privateKey);
  });
});
