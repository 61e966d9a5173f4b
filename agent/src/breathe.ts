import { setImmediate } from 'node:timers/promises';

const BREATH_MS = 10;
let breathed = performance.now();

/** Lets others have their turn, if the last one is 10 ms ago: in between long work the stream is heard, and answers. */
export async function breathe(): Promise<void> {
  if (performance.now() - breathed < BREATH_MS) return;
  await setImmediate();
  breathed = performance.now();
}
