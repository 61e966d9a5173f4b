import { authorityFile, retiredFile, wantedFile } from '@isthmus/platform';
import type { KeyStore } from './key-store.js';

/** What lies in the home of the keys. */
export interface StoredAuthorities {
  live: { number: number; bundle: string }[];
  retired: { number: number; certificate: string }[];
}

/** Reads every authority; makes the first where there is none, and the next where it is wanted. Of two processes one makes it. */
export async function readAuthorities(
  keys: KeyStore,
  create: (number: number) => Promise<string>,
): Promise<StoredAuthorities> {
  const found: StoredAuthorities = { live: [], retired: [] };
  for (let number = 1; ; number += 1) {
    const retired = await keys.load(retiredFile(number));
    const stored = await keys.load(authorityFile(number));
    const isWanted = number === 1 || (await keys.load(wantedFile(number))) !== undefined;
    if (retired !== undefined) found.retired.push({ number, certificate: retired });
    else if (stored !== undefined) found.live.push({ number, bundle: stored });
    else if (isWanted)
      found.live.push({ number, bundle: await keys.saveFirst(authorityFile(number), await create(number)) });
    else return found;
  }
}
