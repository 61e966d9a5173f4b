import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { SealingError, type KeyEncryption } from './key-encryption.js';
import type { TransitSettings } from './transit-settings.js';

/** Tries of one call; the service may be failing over to another of its servers. */
const TRIES = 3;
const PAUSE_MS = 200;
const MAX_ANSWER_BYTES = 64 * 1024;
const DATA_KEY_BYTES = 32;

interface Answer {
  status: number;
  body: { data?: Record<string, unknown>; errors?: unknown };
}

/** Data keys wrapped by a key of HashiCorp Vault's or OpenBao's transit engine: it never leaves the service. */
export function transitKeyEncryption(settings: TransitSettings): KeyEncryption {
  const { mount, key } = settings;
  const current = `transit:${mount}/${key}`;
  return {
    current,
    wrap: async (dataKey) => {
      const data = await call(settings, 'encrypt', { plaintext: dataKey.toString('base64') });
      const { ciphertext } = data;
      if (typeof ciphertext !== 'string' || !/^vault:v\d+:/.test(ciphertext))
        throw fault(settings, 'its answer holds no ciphertext');
      return { kek: current, bytes: Buffer.from(ciphertext).toString('base64') };
    },
    unwrap: async ({ kek, bytes }) => {
      if (kek !== current) throw new SealingError(`it was sealed with the key ${kek}, which is not ${current}`);
      const ciphertext = Buffer.from(bytes, 'base64').toString('utf8');
      const { plaintext } = await call(settings, 'decrypt', { ciphertext });
      const dataKey = typeof plaintext === 'string' ? Buffer.from(plaintext, 'base64') : Buffer.alloc(0);
      if (dataKey.length !== DATA_KEY_BYTES) throw fault(settings, 'its answer holds no data key');
      return dataKey;
    },
  };
}

/** Says at start what would fail later: wraps something and opens it again. */
export async function probe(keys: KeyEncryption): Promise<void> {
  const sample = randomBytes(DATA_KEY_BYTES);
  try {
    const opened = await keys.unwrap(await keys.wrap(sample));
    if (!opened.equals(sample)) throw new SealingError('what it wrapped does not open to what it was');
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    throw new Error(`ISM0576 the key service cannot be used: ${error.message}`, { cause: error });
  }
}

/** One call; what may pass by itself is tried again. */
async function call(
  settings: TransitSettings,
  verb: 'encrypt' | 'decrypt',
  body: object,
): Promise<Record<string, unknown>> {
  let last: SealingError | undefined;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await pause(PAUSE_MS * 2 ** (attempt - 1));
    const answer = await ask(settings, verb, body).catch((error: unknown) => fault(settings, reasonOf(error)));
    if (answer instanceof SealingError) {
      last = answer;
      continue;
    }
    if (answer.status === 200 && answer.body.data !== undefined) return answer.body.data;
    last = refusal(settings, verb, answer);
    if (answer.status < 500 && answer.status !== 429) break;
  }
  throw last ?? fault(settings, 'it does not answer');
}

async function ask(settings: TransitSettings, verb: string, body: object): Promise<Answer> {
  const { url, mount, key, namespace, timeoutMs } = settings;
  const target = new URL(`${url.replace(/\/+$/, '')}/v1/${mount}/${verb}/${key}`);
  const token = (await readFile(settings.tokenFile, 'utf8')).trim();
  const ca = settings.caFile === undefined ? {} : { ca: await readFile(settings.caFile) };
  const sent = JSON.stringify(body);
  const headers = {
    ...{ 'x-vault-token': token, 'x-vault-request': 'true', 'content-type': 'application/json' },
    'content-length': String(Buffer.byteLength(sent)),
    ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
  };
  const options = { method: 'POST', headers, agent: false, signal: AbortSignal.timeout(timeoutMs), ...ca };
  const make = target.protocol === 'http:' ? plainRequest : tlsRequest;
  return new Promise((resolve, reject) => {
    const asked = make(target, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_ANSWER_BYTES) asked.destroy(new Error('its answer is too large'));
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: bodyOf(text) }));
    });
    asked.on('error', reject);
    asked.end(sent);
  });
}

function bodyOf(text: string): Answer['body'] {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}

const HINTS: Readonly<Record<number, string>> = {
  403: 'its token is refused, or its policy lacks update on encrypt and decrypt of this key',
  404: 'there is no such engine or key',
  503: 'it is sealed or down for maintenance',
};

function refusal(settings: TransitSettings, verb: string, { status, body }: Answer): SealingError {
  const said = Array.isArray(body.errors) ? body.errors.filter((one) => typeof one === 'string').join('; ') : '';
  const hint = HINTS[status];
  return fault(
    settings,
    [`${verb} was answered ${String(status)}`, hint, said.slice(0, 300)].filter(Boolean).join(': '),
  );
}

function fault({ url, mount, key }: TransitSettings, reason: string): SealingError {
  return new SealingError(`${url}, key ${mount}/${key}: ${reason}`);
}

/** Of the network or a file: its code, and no address or value. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it does not answer';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'it did not answer in time';
  const code = 'code' in error ? String(error.code) : '';
  return 'syscall' in error && error.syscall === 'open'
    ? `its token or CA file cannot be read (${code})`
    : code || error.message;
}
