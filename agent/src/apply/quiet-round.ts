import type { GnsWish, RenderWish } from './desired.js';
import type { Round, RoundResult } from './run-round.js';

/** A round that left nothing open, and what it was given: with the same again it would ask, do and find nothing. */
export interface QuietRound {
  given: Pick<Round, 'fences' | 'wishes' | 'mode'>;
  result: RoundResult;
}

/** Keeps a round after which everything wanted is settled, nothing else is owned, and nothing is to be reported or waited for. */
export function quietRound(round: Round, result: RoundResult): QuietRound | undefined {
  const { wishes, fences, mode } = round;
  const wanted = wishes.flatMap((wish) => (wish.kind === 'render' ? [wish.objects.length] : [Number.NaN]));
  const count = wanted.reduce((sum, length) => sum + length, 0);
  const isSettled = count === result.settled.size && count === result.record.owned.length;
  const isSilent = result.results.every(
    ({ failed, held, issues }) => !failed && held.length === 0 && issues.length === 0,
  );
  if (!isSettled || !isSilent || result.wakeInMs !== undefined) return undefined;
  return { given: { wishes, fences, mode }, result };
}

/** True if the round is the quiet one once more, and nobody asked to look at anything. */
export function isQuietAgain({ given, result }: QuietRound, round: Round): boolean {
  return (
    round.settled === result.settled &&
    round.record === result.record &&
    round.mode === given.mode &&
    JSON.stringify(round.fences) === JSON.stringify(given.fences) &&
    round.wishes.length === given.wishes.length &&
    round.wishes.every((wish, index) => isSameWish(wish, given.wishes[index]))
  );
}

/** Rendering gives the very same list while nothing about it changes. */
function isSameWish(wish: GnsWish, before: GnsWish | undefined): boolean {
  if (wish.kind !== 'render' || before?.kind !== 'render') return false;
  const same: (keyof RenderWish)[] = ['gns', 'objects', 'keepHosts', 'planned', 'step'];
  return same.every((field) => wish[field] === before[field]);
}
