import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { parseIdentityUri } from '@isthmus/protocol';
import type { CertificateAuthority, KnownAuthority } from './certificate-authority.js';

/** Who is at the other end, from the certificate of the connection and from nothing else. */
export type PeerIdentity =
  | {
      ok: true;
      org: string;
      cluster: string;
      serial: string;
      notBefore: Date;
      notAfter: Date;
      expired: boolean;
      /** Number of the authority that signed it. */
      authority: number;
    }
  | { ok: false; code: 'ISM0400' | 'ISM0574'; reason: string };

/** Whose certificates count, and whose did once. */
export type Authorities = Pick<CertificateAuthority, 'trusted' | 'retired'>;

/** Reads the peer's certificate: issued by one of these authorities, for clients, with exactly one identity in it. */
export function peerIdentity(socket: TLSSocket, authorities: Authorities, now: Date): PeerIdentity {
  const raw = socket.getPeerX509Certificate?.();
  if (raw === undefined) return foreign('no client certificate');
  return certificateIdentity(raw, authorities, now);
}

const foreign = (reason: string): PeerIdentity => ({
  ok: false,
  code: 'ISM0400',
  reason: `${reason}; a proxy that ends TLS cannot stand before the gateway`,
});

function issuerAmong(certificate: X509Certificate, all: readonly KnownAuthority[]): number | undefined {
  return all.find(({ certificate: ca }) => certificate.checkIssued(ca) && certificate.verify(ca.publicKey))?.number;
}

function ofNobody(retired: number | undefined): PeerIdentity {
  if (retired === undefined) return foreign('the certificate is not from this gateway');
  return { ok: false, code: 'ISM0574', reason: `the certificate is from authority ${retired}, which is retired` };
}

/** The same for a certificate by itself. */
export function certificateIdentity(
  certificate: X509Certificate,
  { trusted, retired }: Authorities,
  now: Date,
): PeerIdentity {
  if (certificate.ca) return foreign('the certificate is not from this gateway');
  const authority = issuerAmong(certificate, trusted);
  if (authority === undefined) return ofNobody(issuerAmong(certificate, retired));
  const names = (certificate.subjectAltName ?? '').split(', ');
  const [only] = names;
  const identity =
    names.length === 1 && only?.startsWith('URI:') === true ? parseIdentityUri(only.slice('URI:'.length)) : undefined;
  if (identity === undefined) return foreign('the certificate carries no agent identity');
  const notAfter = new Date(certificate.validTo);
  const notBefore = new Date(certificate.validFrom);
  if (notBefore.getTime() > now.getTime()) return foreign('the certificate is not valid yet');
  return {
    ok: true,
    ...identity,
    serial: certificate.serialNumber.toLowerCase(),
    notBefore,
    notAfter,
    expired: notAfter.getTime() <= now.getTime(),
    authority,
  };
}
