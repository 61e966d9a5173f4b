export {
  BREAKER_MAX_DELETIONS,
  BREAKER_MAX_SHARE,
  BREAKER_MIN_DELETIONS,
  BREAKER_WINDOW_MS,
  CALM,
  massDeleteBreaker,
  noteDeletions,
} from './mass-delete-breaker.js';
export type { BreakerState, DeletionWish } from './mass-delete-breaker.js';
