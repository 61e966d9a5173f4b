import { generateKeyPair, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** A fresh P-256 key and a request that proves possession of it. The subject is empty: the gateway decides who this is. */
export async function createCertificateRequest(): Promise<{ privateKey: string; csr: string }> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const csr = pemOf('CERTIFICATE REQUEST', signedRequest(privateKey, publicKey));
  return { privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim(), csr };
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const ATTRIBUTES = 0xa0;

const VERSION_1 = der(INTEGER, Buffer.of(0));
const EMPTY_NAME = der(SEQUENCE);
const NO_ATTRIBUTES = der(ATTRIBUTES);
/** 1.2.840.10045.4.3.2, ecdsa-with-SHA256. */
const ECDSA_WITH_SHA256 = der(SEQUENCE, Buffer.from('06082a8648ce3d040302', 'hex'));

/** RFC 2986, in DER. One request of one form: a library that knows all forms costs an agent 11 MiB (docs/adr/044). */
function signedRequest(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const info = der(SEQUENCE, VERSION_1, EMPTY_NAME, spki, NO_ATTRIBUTES);
  const signature = sign('sha256', info, privateKey);
  return der(SEQUENCE, info, ECDSA_WITH_SHA256, der(BIT_STRING, Buffer.of(0), signature));
}

/** Tag, length, content; for contents of less than 256 bytes, as all here are. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 0x80 ? [content.length] : [0x81, content.length];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function pemOf(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');
}
