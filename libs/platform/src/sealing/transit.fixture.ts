import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a transit engine says, by its documented API: keys with versions, errors as `{errors: […]}`. */
export class FakeTransit {
  readonly server: Server;
  readonly calls: string[] = [];
  token = 'planted-token';
  isSealed = false;
  /** Answers to give before any other. */
  readonly first: (number | 'silence' | 'garbage')[] = [];
  private readonly keys = new Map<string, { versions: Buffer[]; least: number }>();

  constructor() {
    this.server = createServer((request, response) => void this.handle(request, response));
    this.add('isthmus');
  }

  static async start(): Promise<FakeTransit> {
    const fake = new FakeTransit();
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  add(name: string): void {
    this.keys.set(name, { versions: [randomBytes(32)], least: 1 });
  }

  rotate(name: string): void {
    this.keys.get(name)?.versions.push(randomBytes(32));
  }

  /** `min_decryption_version` of the key. */
  setLeast(name: string, least: number): void {
    const key = this.keys.get(name);
    if (key !== undefined) key.least = least;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    this.calls.push(url);
    const next = this.first.shift();
    if (next === 'silence') return;
    if (next === 'garbage') return void response.end('<html>');
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const say = (status: number, body: object): void => void response.writeHead(status).end(JSON.stringify(body));
    const refusal = next === undefined ? this.refusal(url, request.headers['x-vault-token']) : [next, 'internal error'];
    if (refusal !== undefined) return say(Number(refusal[0]), { errors: [refusal[1]] });
    this.answer(url, JSON.parse(text) as { plaintext?: string; ciphertext?: string }, say);
  }

  private answer(
    url: string,
    { plaintext = '', ciphertext = '' }: { plaintext?: string; ciphertext?: string },
    say: (status: number, body: object) => void,
  ): void {
    const key = this.keys.get(url.split('/').at(-1) ?? '');
    if (key === undefined) return say(400, { errors: ['encryption key not found'] });
    if (url.includes('/encrypt/')) return say(200, { data: wrap(key.versions, plaintext) });
    this.open(key, ciphertext, say);
  }

  private refusal(url: string, token: unknown): [number, string] | undefined {
    if (this.isSealed) return [503, 'Vault is sealed'];
    if (token !== this.token) return [403, '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n'];
    const isKnown = /^\/v1\/transit\/(encrypt|decrypt)\/[^/]+$/.test(url);
    return isKnown ? undefined : [404, `no handler for route "${url.slice(4)}"`];
  }

  private open(
    { versions, least }: { versions: Buffer[]; least: number },
    ciphertext: string,
    say: (status: number, body: object) => void,
  ): void {
    const [, number, encoded] = /^vault:v(\d+):(.+)$/.exec(ciphertext) ?? [];
    const key = versions[Number(number) - 1];
    if (encoded === undefined || key === undefined) return say(400, { errors: ['invalid ciphertext: no prefix'] });
    if (Number(number) < least)
      return say(400, { errors: ['ciphertext or signature version is disallowed by policy (too old)'] });
    const sealed = Buffer.from(encoded, 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(-16));
      const plain = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
      say(200, { data: { plaintext: plain.toString('base64') } });
    } catch {
      say(400, { errors: ['cipher: message authentication failed'] });
    }
  }
}

function wrap(versions: readonly Buffer[], plaintext: string): object {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', versions.at(-1) ?? randomBytes(32), nonce);
  const body = Buffer.concat([cipher.update(Buffer.from(plaintext, 'base64')), cipher.final()]);
  const sealed = Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64');
  return { ciphertext: `vault:v${String(versions.length)}:${sealed}`, key_version: versions.length };
}
