import { text } from '../search-params.js';

export const STEPS = ['name', 'members', 'encryption', 'access', 'slo', 'review'] as const;
export type Step = (typeof STEPS)[number];

export interface WizardSearch {
  /** The first one if the address says nothing that can be meant. */
  step?: Step;
  /** In which project it begins. */
  project?: string;
}

/** Which step of the wizard an address shows, and where it begins. */
export function wizardSearch(raw: Record<string, unknown>): WizardSearch {
  const step = STEPS.find((one) => one === raw['step']);
  return { ...text(raw, 'project'), ...(step === undefined ? {} : { step }) };
}
