import type { Issue } from '@isthmus/domain';

/** What an online step gives: its value, or the issues that say why not. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; issues: Issue[] };

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const failed = (...issues: Issue[]): { ok: false; issues: Issue[] } => ({ ok: false, issues });
