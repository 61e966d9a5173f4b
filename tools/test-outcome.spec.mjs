import { describe, expect, it } from 'vitest';
import { outcome, summaryLine } from '../scripts/lib/test-outcome.mjs';

const passed = { name: 'a.spec.ts > adds', state: 'passed' };
const needy = { name: 'q.int.spec.ts > the queue [needs valkey: no server found] > drains', state: 'skipped' };
const record = (...tests) => ({ tests, errors: [] });

describe('the outcome of a test run', () => {
  it('is a failure when vitest died before reporting', () => {
    expect(summaryLine(outcome(undefined, 134, []))).toBe('0 passed, 1 failed, 0 skipped');
  });

  it('is a failure when no test was found', () => {
    expect(summaryLine(outcome(record(), 0, []))).toBe('0 passed, 1 failed, 0 skipped');
  });

  it('is a failure when vitest says so although every test passed', () => {
    expect(summaryLine(outcome(record(passed), 1, []))).toBe('1 passed, 1 failed, 0 skipped');
  });

  it('counts a module that did not load', () => {
    const run = { tests: [passed], errors: ['b.spec.ts: cannot find module'] };
    expect(summaryLine(outcome(run, 1, []))).toBe('1 passed, 1 failed, 0 skipped');
  });

  it('gives the part and the reason of a skip', () => {
    const run = outcome(record(passed, needy), 0, []);
    expect(summaryLine(run)).toBe('1 passed, 0 failed, 1 skipped');
    expect(run.skipped[0]).toMatchObject({
      name: 'q.int.spec.ts > the queue > drains',
      reason: 'needs valkey: no server found',
    });
  });

  it('fails a skip for want of a required part, and no other', () => {
    expect(summaryLine(outcome(record(passed, needy), 0, ['valkey']))).toBe('1 passed, 1 failed, 0 skipped');
    expect(summaryLine(outcome(record(passed, needy), 0, ['postgres']))).toBe('1 passed, 0 failed, 1 skipped');
  });

  it('gives the note of a test that skipped itself', () => {
    const noted = { name: 'a.spec.ts > x', state: 'skipped', note: 'needs root' };
    expect(outcome(record(passed, noted), 0, []).skipped[0]).toMatchObject({ reason: 'needs root' });
  });
});
