import type { Agent, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { X509Certificate } from 'node:crypto';
import { TLSSocket, type DetailedPeerCertificate } from 'node:tls';

/** Where to look. */
export interface TlsProbe {
  url: string;
  /** CA that the certificate must chain to, PEM; undefined: those of the system. */
  ca: string | undefined;
  agent?: Agent | undefined;
  timeoutMs?: number;
}

/** What came of one GET. */
export type TlsProbeOutcome =
  | { outcome: 'answered'; status: number; body: string; date: string | undefined }
  | { outcome: 'untrusted'; reason: string; code: string; subject: string; issuer: string; chainsToCa: boolean }
  | { outcome: 'unreachable'; reason: string; code: string };

const MAX_BODY_CHARS = 4096;

/** One GET over TLS. Where the certificate is refused, a second look says who showed it. */
export async function probeTls(probe: TlsProbe): Promise<TlsProbeOutcome> {
  try {
    return await get(probe, true);
  } catch (error) {
    const { code, message } = failureOf(error);
    if (!isCertificateFault(code)) return { outcome: 'unreachable', reason: message, code };
    const shown = await shownCertificate(probe);
    return { outcome: 'untrusted', reason: message, code, ...shown };
  }
}

function isCertificateFault(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT/.test(code);
}

interface Shown {
  subject: string;
  issuer: string;
  chainsToCa: boolean;
}

async function shownCertificate(probe: TlsProbe): Promise<Shown> {
  let shown: Shown = { subject: 'nobody', issuer: 'nobody', chainsToCa: false };
  const look = (response: IncomingMessage): void => {
    const { socket } = response;
    if (!(socket instanceof TLSSocket)) return;
    const certificate = socket.getPeerCertificate(true);
    const top = topOf(certificate);
    shown = {
      subject: nameOf(certificate.subject),
      issuer: nameOf(top.issuer),
      chainsToCa: probe.ca !== undefined && isIssuedBy(certificate, probe.ca),
    };
  };
  await get(probe, false, look).catch(() => undefined);
  return shown;
}

function topOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate {
  let top = certificate;
  for (let depth = 0; depth < 10; depth += 1) {
    const { issuerCertificate } = top as Partial<DetailedPeerCertificate>;
    if (
      issuerCertificate === undefined ||
      issuerCertificate === top ||
      issuerCertificate.fingerprint256 === top.fingerprint256
    )
      break;
    top = issuerCertificate;
  }
  return top;
}

function isIssuedBy(certificate: DetailedPeerCertificate, ca: string): boolean {
  try {
    const shown = new X509Certificate(certificate.raw);
    return certificatesOf(ca).some((one) => shown.verify(one.publicKey));
  } catch {
    return false;
  }
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Each certificate of a text in PEM. */
export function certificatesOf(pem: string): X509Certificate[] {
  return (pem.match(PEM) ?? []).map((one) => new X509Certificate(one));
}

function nameOf(name: DetailedPeerCertificate['subject'] | undefined): string {
  const { CN, O } = (name ?? {}) as { CN?: string; O?: string };
  const text = CN ?? O ?? 'no name';
  return String(text)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 100);
}

function get(
  { url, ca, agent, timeoutMs = 5000 }: TlsProbe,
  isStrict: boolean,
  look: (response: IncomingMessage) => void = () => undefined,
): Promise<TlsProbeOutcome> {
  return new Promise((resolve, reject) => {
    const options = { ca, agent: agent ?? false, rejectUnauthorized: isStrict, timeout: timeoutMs };
    const call = request(new URL(url), options, (response) => {
      look(response);
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body = (body + chunk).slice(0, MAX_BODY_CHARS)));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ outcome: 'answered', status: response.statusCode ?? 0, body, date: response.headers.date }),
      );
    });
    call.on('timeout', () =>
      call.destroy(Object.assign(new Error(`no answer within ${timeoutMs / 1000} s`), { code: 'ETIMEDOUT' })),
    );
    call.on('error', reject);
    call.end();
  });
}

function failureOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { code, message: error.message === '' ? code : error.message };
}
