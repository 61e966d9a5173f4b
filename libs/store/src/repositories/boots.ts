/** Processes that spoke for one cluster: the one that speaks now, those before it, and how often one of these came back. */
export interface BootHistory {
  latest: string;
  earlier: string[];
  returns: number;
}

/** How often an earlier process may come back after another took over, before the identity is taken for copied. */
const MAX_RETURNS = 2;
const REMEMBERED = 32;

/**
 * Tells two agents that use one identity in turns from one agent that reconnects or restarts. A process that was replaced and speaks
 * again proves that both live: boot ids are new with every start.
 */
export function noteBoot(known: BootHistory | undefined, bootId: string): { history: BootHistory; isDoubled: boolean } {
  if (known === undefined) return { history: { latest: bootId, earlier: [], returns: 0 }, isDoubled: false };
  if (known.latest === bootId) return { history: known, isDoubled: false };
  const returns = known.returns + Number(known.earlier.includes(bootId));
  const earlier = [known.latest, ...known.earlier.filter((other) => other !== bootId && other !== known.latest)];
  return {
    history: { latest: bootId, earlier: earlier.slice(0, REMEMBERED), returns },
    isDoubled: returns >= MAX_RETURNS,
  };
}
