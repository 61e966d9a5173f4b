import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { documentsOf, draftOf, EMPTY_DRAFT, selectorOf, shareOf, type WizardDraft } from './wizard-draft.js';

const draft = (part: Partial<WizardDraft>): WizardDraft => ({
  ...EMPTY_DRAFT,
  name: 'shop',
  domain: 'shop.global',
  ...part,
});
const specs = (part: Partial<WizardDraft>): Record<string, { metadata: object; spec: object }> =>
  Object.fromEntries(
    parseAllDocuments(documentsOf(draft(part))).map((one) => {
      const document = one.toJS() as { kind: string; metadata: object; spec: object };
      return [document.kind, document];
    }),
  );

describe('a draft of a global namespace', () => {
  it.each(['', 'no JSON', 'null'])('is empty where %j was kept', (text) => {
    expect(draftOf(text)).toEqual(EMPTY_DRAFT);
  });

  it('makes no policy of what was not chosen', () => {
    expect(Object.keys(specs({ encryption: '' }))).toEqual(['GlobalNamespace']);
    expect(specs({ encryption: '' })['GlobalNamespace']).toMatchObject({
      metadata: { name: 'shop', project: 'default' },
      spec: { domain: 'shop.global', members: [{}] },
    });
  });

  it('makes a policy of each thing that was chosen, for this global namespace', () => {
    const made = specs({ access: 'NAMESPACES', callers: 'web, jobs', slo: 'LATENCY', objective: '99.95', days: '7' });
    const targets = [{ globalNamespace: 'shop' }];
    expect(made['EncryptionPolicy']?.spec).toEqual({ targets, mode: 'STRICT' });
    expect(made['AccessPolicy']?.spec).toEqual({
      ...{ targets, default: 'DENY' },
      rules: [{ action: 'ALLOW', from: [{ namespaces: ['web', 'jobs'] }] }],
    });
    expect(made['SloPolicy']?.spec).toEqual({
      ...{ targets, indicator: { type: 'LATENCY', thresholdMs: 300 }, objective: '0.9995' },
      timeWindow: { duration: '7d', isRolling: true },
    });
    expect(specs({ access: 'DENY' })['AccessPolicy']?.spec).toEqual({ targets, default: 'DENY' });
  });

  it('reads names, patterns and labels from words, and everything from none', () => {
    expect(selectorOf(' , ')).toBeUndefined();
    expect(selectorOf('a, b-* tier=front,x=')).toEqual({
      ...{ names: ['a'], globs: ['b-*'] },
      matchLabels: { tier: 'front', x: '' },
    });
  });

  it('makes percents shares without a detour by binary fractions, and leaves what is none', () => {
    expect(['99.9', '99.95', '50', '5', '99.', '0.5'].map(shareOf)).toEqual([
      '0.999',
      '0.9995',
      '0.5',
      '0.05',
      '0.99',
      '0.005',
    ]);
    expect(['100', 'all', '', '-1', '9e9'].map(shareOf)).toEqual(['100', 'all', '', '-1', '9e9']);
    const tenths = fc.integer({ min: 1, max: 999 });
    fc.assert(
      fc.property(tenths, (one) => {
        expect(Number(shareOf(String(one / 10)))).toBeCloseTo(one / 1000, 12);
      }),
    );
  });
});
