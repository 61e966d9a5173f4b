import pc from 'picocolors';
import type { Terminal } from '../terminal.js';

export type Colours = ReturnType<typeof pc.createColors>;

/** Colours of one stream: only on a terminal, never with NO_COLOR. */
export function coloursFor({ env }: Terminal, isTty: boolean): Colours {
  return pc.createColors(!env.noColour && (isTty || env.forceColour));
}
