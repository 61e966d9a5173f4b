/** Names of what is injected but is no class. */
export const STORE = Symbol('Store');
export const CLOCK = Symbol('Clock');
export const STATEMENT_KEYS = Symbol('StatementKeys');
export const SIGN_IN_SETTINGS = Symbol('SignInSettings');
export const ONBOARDING_OPTIONS = Symbol('OnboardingOptions');
