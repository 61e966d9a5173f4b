export const STEPS = ['name', 'members', 'encryption', 'access', 'slo', 'review'] as const;
export type Step = (typeof STEPS)[number];

/** Which step of the wizard an address shows: the first one if it says nothing that can be meant. */
export function wizardSearch(raw: Record<string, unknown>): { step?: Step } {
  const step = STEPS.find((one) => one === raw['step']);
  return step === undefined ? {} : { step };
}
