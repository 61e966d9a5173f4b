import { describe, expect, it } from 'vitest';
import { versionsOf } from './versions.js';

const workloads = (...labels: Record<string, string>[]) => labels.map((one) => ({ labels: one }));

describe('the versions behind a service', () => {
  it('are none without labels, or with empty ones', () => {
    expect(versionsOf([])).toEqual({});
    expect(versionsOf(workloads({ app: 'a' }, { version: '' }))).toEqual({});
  });

  it('are the values of the label version, each once, in order', () => {
    expect(versionsOf(workloads({ version: 'v2' }, { version: 'v1' }, { version: 'v2' }))).toEqual({
      versions: ['v1', 'v2'],
    });
  });

  it('are those of the well-known label only where no workload has the short one', () => {
    const known = { 'app.kubernetes.io/version': '1.0' };
    expect(versionsOf(workloads(known))).toEqual({ versions: ['1.0'], versionLabel: 'app.kubernetes.io/version' });
    expect(versionsOf(workloads(known, { version: 'v1' }))).toEqual({ versions: ['v1'] });
  });
});
