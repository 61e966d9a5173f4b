export {
  BREAKER_LIMITS,
  FRESH_WINDOW,
  approvalCovers,
  heldSetHash,
  massDeleteBreaker,
  observeTotal,
} from './breaker.js';
export type { BreakerVerdict, BreakerWindow, DeletionRequest } from './breaker.js';
export { heldDrain, judgeDrain } from './drain-gate.js';
export type { DrainRequest, DrainVerdict } from './drain-gate.js';
export { diffObjects } from './diff-objects.js';
export type { ObjectDiff } from './diff-objects.js';
export { byPushOrder, byStepOrder, isLabelled, observedOurs, ownedFrom } from './ownership.js';
export type { ObservedObject, OwnedObject, PushPlace } from './ownership.js';
export { planApply, withHeld } from './plan-apply.js';
export type { ApplyPlan, KeepReason, PlanInput, PlanMode, PlanStep } from './plan-apply.js';
export { advance, askFor, begin, dueOf } from './order/rollout.js';
export type { Ask, Awaited, Rollout, Said, Standing } from './order/rollout.js';
export { changedNames } from './order/version-owners.js';
export type { NameChange, OwnedVersion } from './order/version-owners.js';
