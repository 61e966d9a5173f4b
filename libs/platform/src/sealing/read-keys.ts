import { readFile } from 'node:fs/promises';
import { localKeyEncryption, parseKeys, type KeyEncryption } from './key-encryption.js';
import { probe, transitKeyEncryption } from './transit.js';
import { readTransitSettings } from './transit-settings.js';

/** Where keys are: as text, or in a file; the text wins. And a key service, named by a file of its own. */
export interface KeySource {
  text?: string | undefined;
  file?: string | undefined;
  service?: string | undefined;
}

/** The keys that seal secrets at rest; undefined where none were given, so that secrets lie in files that only their owner can read. */
export async function readKeys({ service, ...source }: KeySource): Promise<KeyEncryption | undefined> {
  const local = await localKeys(source);
  if (service === undefined) return local;
  const settings = await readTransitSettings(service);
  const remote = transitKeyEncryption(settings);
  await probe(remote);
  if (settings.seals) return local === undefined ? remote : firstOf(remote, local);
  if (local === undefined) throw new Error('ISM0576 the key service does not seal, and no other keys were given');
  return firstOf(local, remote);
}

async function localKeys({ text, file }: Omit<KeySource, 'service'>): Promise<KeyEncryption | undefined> {
  if (text === undefined && file === undefined) return undefined;
  const parsed = parseKeys(text ?? (await readFile(file ?? '', 'utf8')));
  if (parsed.ok) return localKeyEncryption(parsed.keys);
  throw new Error(`ISM0573 the keys for secrets cannot be read: ${parsed.faults.join('; ')}`);
}

const isTransit = (kek: string): boolean => kek.startsWith('transit:');

/** The first seals; each opens what is its own. */
function firstOf(first: KeyEncryption, other: KeyEncryption): KeyEncryption {
  const ofService = isTransit(first.current) ? first : other;
  const ofMachine = ofService === first ? other : first;
  return {
    current: first.current,
    wrap: (dataKey) => first.wrap(dataKey),
    unwrap: (wrapped) => (isTransit(wrapped.kek) ? ofService : ofMachine).unwrap(wrapped),
  };
}
