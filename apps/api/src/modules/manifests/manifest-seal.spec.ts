import { describe, expect, it } from 'vitest';
import { newManifestId, seal, unseal } from './manifest-seal.js';

describe('a sealed manifest', () => {
  const id = newManifestId();
  const text = 'token: isthe_geheim — ü\n';

  it('holds neither the manifest nor the id in the clear', () => {
    const sealed = Buffer.from(seal(id, text));
    expect(sealed.includes('isthe_')).toBe(false);
    expect(sealed.includes(id)).toBe(false);
  });

  it('opens with its id and with no other', () => {
    const sealed = seal(id, text);
    expect(unseal(id, sealed)).toBe(text);
    expect(() => unseal(newManifestId(), sealed)).toThrow();
  });

  it('does not open once a single bit of it was changed', () => {
    const sealed = seal(id, text);
    for (const at of [0, 12, sealed.length - 1]) {
      const changed = sealed.map((byte, index) => (index === at ? byte ^ 1 : byte));
      expect(() => unseal(id, changed)).toThrow();
    }
  });
});
