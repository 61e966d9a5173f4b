import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 collect when the heap has grown by a third, not when it may have doubled, and pack it more tightly. It is a switch that V8
 * looks at each time, made for pages in the background; `NODE_OPTIONS` does not take it, so that only the program itself can set it
 * wherever it is started.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
}
