import { X509Certificate } from 'node:crypto';

/** Wall-clock bounds of a certificate, in milliseconds since 1970. */
export interface CertificateLife {
  notBefore: number;
  notAfter: number;
}

export function lifeOf(certificatePem: string): CertificateLife {
  const certificate = new X509Certificate(certificatePem);
  return { notBefore: Date.parse(certificate.validFrom), notAfter: Date.parse(certificate.validTo) };
}

/** Milliseconds until renewal is due: half of the life, 0 when that has passed. */
export function renewalDueIn(life: CertificateLife, now: number): number {
  return Math.max(0, life.notBefore + (life.notAfter - life.notBefore) / 2 - now);
}
