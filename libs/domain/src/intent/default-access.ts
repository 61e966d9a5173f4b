import type { BlockOf } from './features/block.js';

type AccessBlock = BlockOf<'authorization'>;

/**
 * What happens to calls that no rule speaks of, by blocks in order of precedence: the first that says it decides, and of
 * several at its scope the stricter one. Undefined: none says it.
 */
export function defaultAccess(blocks: readonly AccessBlock[]): 'ALLOW' | 'DENY' | undefined {
  const said = blocks.filter(({ feature }) => feature.default !== undefined);
  const [first] = said;
  if (first === undefined) return undefined;
  const rivals = said.filter(({ scope, enforced }) => scope === first.scope && enforced === first.enforced);
  return rivals.some(({ feature }) => feature.default === 'DENY') ? 'DENY' : 'ALLOW';
}

/** True if an ALLOW rule of the block speaks of the port, so that it refuses everyone else there. */
export function hasAllowAt({ feature }: AccessBlock, port: number): boolean {
  const allowing = (feature.rules ?? []).filter(({ action }) => action === 'ALLOW');
  return allowing.some(({ to }) => to === undefined || to.some(({ ports }) => ports?.includes(port) ?? true));
}
