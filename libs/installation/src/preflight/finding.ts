import { ISSUE_CATALOG, type IssueCode } from '@isthmus/domain';

/** Outcome of one check. `skip`: it could not be made, and that alone is no fault. */
export interface Finding {
  check: string;
  state: 'ok' | 'warn' | 'fail' | 'skip';
  /** What was seen. */
  detail: string;
  /** What to do about it. */
  fix?: string;
  code?: IssueCode;
}

const WORDS = { ok: 'ok', warn: 'WARN', fail: 'FAIL', skip: 'skip' } as const;
const WIDTH = 6;

/** A check that came out well. */
export function passed(check: string, detail: string): Finding {
  return { check, state: 'ok', detail };
}

/** A check that was not made, and why. */
export function skipped(check: string, detail: string): Finding {
  return { check, state: 'skip', detail };
}

/** A check that came out badly; the catalogue says how badly and, if nothing better is known, what to do. */
export function faulty(check: string, code: IssueCode, about: { detail: string; fix?: string }): Finding {
  const { severity, fix } = ISSUE_CATALOG[code];
  return { check, state: severity === 'ERROR' ? 'fail' : 'warn', detail: about.detail, fix: about.fix ?? fix, code };
}

/** One line a finding, and one with the fix below each that needs one. */
export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ check, state, detail, fix, code }) => {
    const number = code === undefined ? '' : `${code} `;
    const line = `${WORDS[state].padEnd(WIDTH)}${check}${detail === '' ? '' : `: ${number}${detail}`}`;
    return fix === undefined ? [line] : [line, `${' '.repeat(WIDTH)}fix: ${fix}`];
  });
}

/** True if nothing stands in the way. Warnings do not. */
export function isClear(findings: readonly Finding[]): boolean {
  return findings.every(({ state }) => state !== 'fail');
}
