import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { parseIdentityUri } from '@isthmus/protocol';

/** Who is at the other end, from the certificate of the connection and from nothing else. */
export type PeerIdentity =
  | { ok: true; org: string; cluster: string; serial: string; notBefore: Date; notAfter: Date; expired: boolean }
  | { ok: false; reason: string };

/** Reads the peer's certificate: issued by this CA, for clients, with exactly one identity in it. */
export function peerIdentity(socket: TLSSocket, ca: X509Certificate, now: Date): PeerIdentity {
  const raw = socket.getPeerX509Certificate?.();
  if (raw === undefined) return { ok: false, reason: 'no client certificate' };
  return certificateIdentity(raw, ca, now);
}

/** The same for a certificate by itself. */
export function certificateIdentity(certificate: X509Certificate, ca: X509Certificate, now: Date): PeerIdentity {
  if (certificate.ca || !certificate.checkIssued(ca) || !certificate.verify(ca.publicKey))
    return { ok: false, reason: 'the certificate is not from this gateway' };
  const names = (certificate.subjectAltName ?? '').split(', ');
  const [only] = names;
  const identity =
    names.length === 1 && only?.startsWith('URI:') === true ? parseIdentityUri(only.slice('URI:'.length)) : undefined;
  if (identity === undefined) return { ok: false, reason: 'the certificate carries no agent identity' };
  const notAfter = new Date(certificate.validTo);
  const notBefore = new Date(certificate.validFrom);
  if (notBefore.getTime() > now.getTime()) return { ok: false, reason: 'the certificate is not valid yet' };
  return {
    ok: true,
    ...identity,
    serial: certificate.serialNumber.toLowerCase(),
    notBefore,
    notAfter,
    expired: notAfter.getTime() <= now.getTime(),
  };
}
