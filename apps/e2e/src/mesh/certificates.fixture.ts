import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of a certificate and its key. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority whose files live in a folder. */
export class Authority {
  private constructor(
    private readonly folder: string,
    readonly own: Certificate,
  ) {}

  static async make(folder: string, name: string): Promise<Authority> {
    const own = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
    const is = ['-addext', 'basicConstraints=critical,CA:true', '-subj', `/CN=${name}`];
    await run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      own.key,
      '-out',
      own.cert,
      ...is,
    ]);
    return new Authority(folder, own);
  }

  /** A certificate for a DNS name. */
  async sign(name: string): Promise<Certificate> {
    const at = (ending: string): string => join(this.folder, `${name}.${ending}`);
    await writeFile(at('ext'), `subjectAltName=DNS:${name}\n`);
    await run('openssl', [
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      at('key'),
      '-out',
      at('csr'),
    ]);
    const by = ['-CA', this.own.cert, '-CAkey', this.own.key, '-CAcreateserial', '-extfile', at('ext')];
    await run('openssl', ['x509', '-req', '-in', at('csr'), '-out', at('crt'), ...by]);
    return { cert: at('crt'), key: at('key') };
  }
}

/** The Secret that a gateway shows a certificate from; with an authority, whose callers' certificates it takes. */
export async function tlsSecret(at: string, { cert, key }: Certificate, callers?: Certificate): Promise<object> {
  const [namespace = '', name = ''] = at.split('/');
  const encoded = async (file: string): Promise<string> => (await readFile(file)).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    data: {
      'tls.crt': await encoded(cert),
      'tls.key': await encoded(key),
      ...(callers && { 'ca.crt': await encoded(callers.cert) }),
    },
  };
}
