import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ISSUE_AREAS, ISSUE_CATALOG, isIssueCode, type IssueCode } from './catalog.js';
import { formatPath, parsePath } from './field-path.js';
import { issueDocs } from './issue-docs.js';
import { hasErrors, issue } from './make-issue.js';
import { sortIssues } from './sort-issues.js';

describe('the catalogue', () => {
  it.each(ISSUE_AREAS.map((area) => [area.title, area] as const))(
    'keeps the numbers of %s in their range',
    (_, area) => {
      for (const code of Object.keys(area.codes)) {
        expect(code).toMatch(/^ISM\d{4}$/);
        expect(Number(code.slice(3))).toBeGreaterThanOrEqual(area.first);
        expect(Number(code.slice(3))).toBeLessThanOrEqual(area.last);
      }
    },
  );

  it('has each number once', () => {
    const codes = ISSUE_AREAS.flatMap((area) => Object.keys(area.codes));
    expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
    expect(Object.keys(ISSUE_CATALOG).sort()).toEqual(codes.sort());
  });

  it('says of every code what happened, why and what to do', () => {
    for (const [code, { title, cause, fix }] of Object.entries(ISSUE_CATALOG)) {
      for (const text of [title, cause, fix]) expect(text.length, code).toBeGreaterThan(5);
      expect(title, code).not.toMatch(/[.!]$/);
      expect(`${cause}${fix}`, code).toMatch(/[.)?]$/);
    }
  });

  it('is published as it is in docs/issues.md', () => {
    const published = readFileSync(new URL('../../../../docs/issues.md', import.meta.url), 'utf8');
    expect(published === issueDocs(), 'run npm run generate').toBe(true);
  });

  it('does not know numbers that objects inherit', () => {
    expect(isIssueCode('toString')).toBe(false);
    expect(isIssueCode('ISM0001')).toBe(true);
  });
});

describe('an issue', () => {
  it('has the severity of the catalogue unless it says otherwise, and no absent fields', () => {
    expect(issue('ISM0039', { message: 'm', hint: undefined })).toEqual({
      code: 'ISM0039',
      severity: 'WARNING',
      path: '',
      message: 'm',
    });
    expect(hasErrors([issue('ISM0039', { message: 'm' })])).toBe(false);
    expect(hasErrors([issue('ISM0039', { message: 'm', severity: 'ERROR' })])).toBe(true);
  });

  it('is shown once, in the order of file and line, those without place last', () => {
    const at = (file: string, line: number, code: IssueCode = 'ISM0001') =>
      issue(code, { message: 'm', source: { file, line, column: 1 } });
    const [a2, a10, b1, none] = [at('a', 2), at('a', 10), at('b', 1), issue('ISM0001', { message: 'm' })];
    expect(sortIssues([none, b1, a10, a2, a10])).toEqual([a2, a10, b1, none]);
  });
});

describe('a path', () => {
  it('reads as people write it, and quotes other keys', () => {
    expect(formatPath(['spec', 'members', 0, 'clusters'])).toBe('spec.members[0].clusters');
    expect(formatPath(['metadata', 'labels', 'example.com/tier'])).toBe('metadata.labels["example.com/tier"]');
    expect(formatPath([])).toBe('');
  });

  it('shows keys in ASCII, so that no letter looks like another, and cuts those that are longer than any name', () => {
    expect(formatPath(['a', 'sh\u043ep\u202e'])).toBe('a["sh\\u043ep\\u202e"]');
    expect(parsePath('a["sh\\u043ep"]')).toEqual(['a', 'sh\u043ep']);
    expect(formatPath(['a', 'b'.repeat(100_000)]).length).toBeLessThan(330);
  });

  it('gives back its steps, whatever the keys are', () => {
    const step = fc.oneof(fc.string(), fc.nat(), fc.constantFrom('spec', 'a-b', '0', '__proto__', '"', '\\', ']'));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        expect(parsePath(formatPath(steps))).toEqual(steps);
      }),
    );
  });
});
