import { dnsAndGateway, firstSync, meshFound, rightsOk } from './cluster-steps.js';
import { agentSeen, tlsOk, tokenIssued } from './identity-steps.js';
import { ONBOARDING_STEPS, type Finding, type OnboardingFacts, type OnboardingStep, type StepName } from './step.js';

const JUDGES: Readonly<Record<StepName, (facts: OnboardingFacts) => Finding>> = {
  TOKEN_ISSUED: tokenIssued,
  AGENT_SEEN: agentSeen,
  TLS_OK: tlsOk,
  RIGHTS_OK: rightsOk,
  MESH_FOUND: meshFound,
  DNS_AND_GATEWAY: dnsAndGateway,
  FIRST_SYNC: firstSync,
};

/** Where a cluster stands on its way in. A step that is not done always says why, and after a while always with a numbered issue. */
export function onboardingSteps(facts: OnboardingFacts): OnboardingStep[] {
  return ONBOARDING_STEPS.map((step) => ({ step, ...JUDGES[step](facts) }));
}

/** The step that has to be looked at: the first one that stands in the way. Undefined: the cluster is ready. */
export function currentStep(steps: readonly OnboardingStep[]): OnboardingStep | undefined {
  return steps.find((step) => !passes(step));
}

/** What is only a warning is shown and keeps nobody out. */
function passes({ state, error }: OnboardingStep): boolean {
  return state === 'DONE' || (state === 'FAILED' && error?.severity === 'WARNING' && isFound(error.code));
}

const isFound = (code: string): boolean => ['ISM0540', 'ISM0541', 'ISM0542'].includes(code);
